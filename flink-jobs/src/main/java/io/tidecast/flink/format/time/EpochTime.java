package io.tidecast.flink.format.time;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.NumericText;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.grid.Spelling;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Reads times that are numbers. */
final class EpochTime implements TimeReader {

  private final FieldPath path;
  private final EpochUnit unit;
  private final ZoneId zone;
  private final boolean numericStrings;

  EpochTime(TimeField field, EpochUnit unit, boolean numericStrings) {
    this.path = field.path();
    this.unit = unit;
    this.zone = field.zone() == null ? ZoneOffset.UTC : field.zone();
    this.numericStrings = numericStrings;
  }

  @Override
  public long millis(Object found) throws RefusedException {
    Number number = NumericText.number(found, numericStrings);
    if (number == null) {
      throw RefusedException.field(path, "a number (" + Spelling.of(unit) + ")", found);
    }
    try {
      boolean whole = number instanceof Long || number instanceof Integer;
      return whole ? exact(number.longValue()) : exact(decimal(number));
    } catch (ArithmeticException | DateTimeException e) {
      throw TimeReader.outOfRange(path, found);
    }
  }

  private long exact(long time) {
    return switch (unit) {
      case EPOCH_DAYS -> LocalDate.ofEpochDay(time).atStartOfDay(zone).toInstant().toEpochMilli();
      case EPOCH_SECONDS -> Math.multiplyExact(time, 1_000L);
      case EPOCH_MILLIS -> time;
      case EPOCH_MICROS -> Math.floorDiv(time, 1_000L);
      case EPOCH_NANOS -> Math.floorDiv(time, 1_000_000L);
    };
  }

  private long exact(BigDecimal time) {
    return unit == EpochUnit.EPOCH_DAYS
        ? exact(time.setScale(0, RoundingMode.FLOOR).longValueExact())
        : time.movePointRight(unit.decimals()).setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    double real = number.doubleValue();
    if (!Double.isFinite(real)) {
      throw new ArithmeticException();
    }
    // The shortest decimal that is this double: what the producer wrote.
    return BigDecimal.valueOf(real);
  }
}
