package io.tidecast.cli.page;

import io.tidecast.cli.console.CliException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where somebody wants a page to be.
 *
 * @param address to listen on
 * @param port to listen on; {@link #OF_THE_JOB} where nobody said
 */
public record PageAddress(InetAddress address, int port) {

  /** A port that is the same for the same job, if it is free; then any free one. */
  static final int OF_THE_JOB = -1;

  /** On loopback, at the job's own port. */
  public static final PageAddress USUAL =
      new PageAddress(InetAddress.getLoopbackAddress(), OF_THE_JOB);

  private static final int MOST_PORTS = 65_535;
  private static final Pattern TEXT = Pattern.compile("(?:(.+):)?(\\d{1,5})");

  /** Reads {@code [ADDRESS:]PORT}; nothing is the usual one. */
  public static final class Converter implements ITypeConverter<PageAddress> {
    @Override
    public PageAddress convert(String text) {
      if (text.isEmpty()) {
        return USUAL;
      }
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MOST_PORTS) {
        throw new TypeConversionException(
            "must be a port, or an address and a port such as 127.0.0.1:8080: " + text);
      }
      String host = matcher.group(1);
      try {
        return new PageAddress(
            host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host),
            Integer.parseInt(matcher.group(2)));
      } catch (UnknownHostException e) {
        throw new TypeConversionException("there is no such address on this machine: " + host);
      }
    }
  }

  /** Says that nothing can listen there. */
  CliException taken(String why, Exception cause) {
    return new CliException(
        "the page must have a free port of this machine: %s:%d: %s; name another with --page=PORT"
            .formatted(address.getHostAddress(), Math.max(0, port), why),
        cause);
  }
}
