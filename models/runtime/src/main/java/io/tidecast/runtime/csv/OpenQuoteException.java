package io.tidecast.runtime.csv;

/** Says that a record ends within quotes. */
final class OpenQuoteException extends CsvException {

  private static final long serialVersionUID = 1L;

  OpenQuoteException() {
    super("must be a record of CSV: a quote is not closed");
  }
}
