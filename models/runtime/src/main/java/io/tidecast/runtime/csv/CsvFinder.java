package io.tidecast.runtime.csv;

import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.NumberMarks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks at the first lines of a file to find how it is read. One thread uses it. */
final class CsvFinder {

  private static final int SAMPLE_BYTES = 1 << 18;
  private static final int MAX_HEADER_LINE = 200;
  private static final int MAX_LINES_UNDER = 5;
  private static final int MAX_ROWS = 2_000;
  private static final char UNREADABLE = '\uFFFD';
  private static final String USUAL_COMMENT = "#";

  /** Matches the line that tells Excel the separator. */
  private static final Pattern EXCEL = Pattern.compile("\"?sep=.\"?", Pattern.CASE_INSENSITIVE);

  private static final String WESTERN = "windows-1252";

  /** Has what is tried, the likeliest first. */
  private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|', CsvDialect.SPACES);

  private final CsvOptions options;
  private final CsvWanted wanted;
  private final boolean gzip;
  private final byte[] sample;
  private final TextEncoding encoding;
  private final List<String> lines = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /**
   * Says where the names are.
   *
   * @param linesBefore the first line after them
   */
  private record Header(char separator, List<String> columns, int linesBefore) {}

  private CsvFinder(CsvOptions options, CsvWanted wanted, Text text, TextEncoding encoding)
      throws IOException {
    this.options = options;
    this.wanted = wanted;
    this.gzip = text.gzip;
    this.sample = text.sample;
    this.encoding = encoding;
    try (CsvLines all = new CsvLines(new ByteArrayInputStream(sample), encoding, 0, 0)) {
      for (CsvLines.Line line = all.next(); line != null; line = all.next()) {
        lines.add(encoding.decode(line.bytes(), line.length()));
      }
    }
    if (text.cut && lines.size() > 1) {
      lines.remove(lines.size() - 1);
    }
  }

  /** Has the first bytes of a text. */
  private record Text(byte[] sample, boolean gzip, boolean cut) {}

  static CsvLayout find(Path file, CsvOptions options, CsvWanted wanted)
      throws IOException, CsvException {
    boolean gzip;
    try (InputStream in = CsvBytes.open(file, false, 0)) {
      gzip = CsvBytes.isGzip(in.readNBytes(8));
    }
    byte[] sample;
    try (InputStream in = CsvBytes.open(file, gzip, 0)) {
      sample = in.readNBytes(SAMPLE_BYTES);
    }
    Text text = new Text(sample, gzip, sample.length == SAMPLE_BYTES);
    TextEncoding encoding = TextEncoding.of(sample, options);
    CsvFinder finder = new CsvFinder(options, wanted, text, encoding);
    if (!encoding.valid() && options.encoding() == null && !finder.hasNames()) {
      CsvFinder western = finder.western(text);
      if (western != null) {
        return western.layout();
      }
    }
    return finder.layout();
  }

  /** Returns the finder of the encoding in which a name that is no ASCII is found, or null. */
  private @Nullable CsvFinder western(Text text) throws IOException, CsvException {
    CsvOptions declared =
        new CsvOptions(
            options.separator(),
            options.quote(),
            options.comment(),
            options.skipLines(),
            options.columns(),
            WESTERN,
            options.keys());
    CsvFinder western = new CsvFinder(options, wanted, text, TextEncoding.of(sample, declared));
    return western.hasNames() ? western : null;
  }

  private boolean hasNames() {
    return !wanted.columns().isEmpty() && (!options.columns().isEmpty() || byNames() != null);
  }

  private CsvLayout layout() throws IOException, CsvException {
    Header header = header();
    char quote = options.quote() == null ? '"' : options.quote();
    CsvDialect dialect = dialect(header, quote);
    remarks.add(encoding.charset().name() + (gzip ? " packed with gzip" : ""));
    remarks.add("separated by " + CsvDialect.shown(header.separator));
    int namesEnd = header.linesBefore;
    if (options.columns().isEmpty()) {
      remarks.add("names in line %d".formatted(namesEnd));
    } else {
      remarks.add("names as declared");
      if (namesEnd > 0) {
        remarks.add("the first %d lines skipped".formatted(namesEnd));
      }
    }
    CsvLayout upToNames = layout(dialect, header, namesEnd, NumberMarks.PLAIN);
    int under = linesUnder(upToNames);
    if (under > 0) {
      remarks.add("%d line(s) under the names without a time skipped".formatted(under));
    }
    if (dialect.comment() != null) {
      remarks.add("lines that begin with %s are comments".formatted(dialect.comment()));
    }
    CsvLayout withRows = layout(dialect, header, namesEnd + under, NumberMarks.PLAIN);
    NumberMarks marks = examined(withRows);
    if (!marks.equals(NumberMarks.PLAIN)) {
      remarks.add(shown(marks));
    }
    return layout(dialect, header, namesEnd + under, marks);
  }

  private CsvLayout layout(CsvDialect dialect, Header header, int before, NumberMarks marks) {
    return new CsvLayout(dialect, encoding, gzip, header.columns, before, marks, remarks);
  }

  private static String shown(NumberMarks marks) {
    String thousands =
        switch (marks.thousands()) {
          case NONE -> "";
          case POINT -> ", points between thousands";
          case COMMA -> ", commas between thousands";
          case SPACE -> ", spaces between thousands";
          case APOSTROPHE -> ", apostrophes between thousands";
        };
    return (marks.decimal() == DecimalMark.COMMA ? "decimal comma" : "decimal point") + thousands;
  }

  private CsvDialect dialect(Header header, char quote) {
    if (options.comment() != null) {
      return new CsvDialect(header.separator, quote, options.comment(), true);
    }
    boolean seen =
        !header.columns.get(0).startsWith(USUAL_COMMENT)
            && lines.stream()
                .skip(header.linesBefore)
                .anyMatch(line -> line.stripLeading().startsWith(USUAL_COMMENT));
    return new CsvDialect(header.separator, quote, seen ? USUAL_COMMENT : null, false);
  }

  private CsvDialect trial(char separator) {
    char quote = options.quote() == null ? '"' : options.quote();
    return new CsvDialect(separator, quote, options.comment(), true);
  }

  private List<Character> separators() {
    return options.separator() == null ? SEPARATORS : List.of(options.separator());
  }

  private Header header() throws CsvException {
    if (!options.columns().isEmpty()) {
      int skip = options.skipLines() == null ? 0 : options.skipLines();
      return new Header(separatorOf(options.columns().size(), skip), options.columns(), skip);
    }
    Header byNames = wanted.columns().isEmpty() ? null : byNames();
    return byNames == null ? byShape() : byNames;
  }

  /** Finds the line that has all the names that are wanted. */
  private @Nullable Header byNames() {
    int from = options.skipLines() == null ? 0 : options.skipLines();
    for (int line = from; line < Math.min(lines.size(), MAX_HEADER_LINE); line++) {
      if (lines.get(line).isBlank()) {
        continue;
      }
      for (char separator : separators()) {
        Header header = names(line, separator);
        if (header != null && header.columns.containsAll(wanted.columns())) {
          return header;
        }
      }
      if (options.skipLines() != null && !trial(',').isComment(lines.get(line))) {
        return null;
      }
    }
    return null;
  }

  /** Takes a line as that of the names; null if it is none. */
  private @Nullable Header names(int line, char separator) {
    CsvDialect dialect = trial(separator);
    String text = lines.get(line);
    int end = line + 1;
    while (CsvFields.isOpen(text, dialect)
        && end < Math.min(lines.size(), line + CsvRecords.MAX_LINES)) {
      text = text + '\n' + lines.get(end);
      end++;
    }
    if (text.startsWith(USUAL_COMMENT)) {
      String bare = text.substring(USUAL_COMMENT.length()).strip();
      List<String> names = fields(bare, dialect, 1);
      if (names.containsAll(wanted.columns()) && !wanted.columns().isEmpty()) {
        return new Header(separator, names, end);
      }
    }
    List<String> names = fields(text, dialect, 1);
    return names.isEmpty() ? null : new Header(separator, names, end);
  }

  /** Returns the fields without empty ones behind so many; none if the line is no record. */
  private static List<String> fields(String text, CsvDialect dialect, int columns) {
    try {
      return CsvLayout.withoutEmptyEnd(CsvFields.of(text, dialect), columns);
    } catch (CsvException e) {
      return List.of();
    }
  }

  /** Takes the first line as that of the names, separated as most lines are. */
  private Header byShape() throws CsvException {
    int first = options.skipLines() == null ? 0 : options.skipLines();
    while (first < lines.size() - 1
        && (lines.get(first).isBlank()
            || trial(',').isComment(lines.get(first))
            || EXCEL.matcher(lines.get(first)).matches())) {
      first++;
    }
    if (first >= lines.size()) {
      return new Header(',', List.of(""), first);
    }
    char separator = separatorFrom(first);
    Header header = names(first, separator);
    if (header == null) {
      throw new CsvException(
          "must be a line of names: line %d, where a quote is not closed or text follows it; %s says how fields are quoted"
              .formatted(first + 1, options.keys().of("quote")));
    }
    return header;
  }

  /** Chooses what cuts most lines into as many fields as the first has, and more than one. */
  private char separatorFrom(int first) throws CsvException {
    List<Character> tried = separators();
    char best = tried.get(0);
    double most = 0;
    boolean tie = false;
    for (char separator : tried) {
      Header header = names(first, separator);
      int columns = header == null ? 0 : header.columns.size();
      double share = columns < 2 ? 0 : share(first, separator, columns);
      // Spaces stand in times and names, too.
      if (separator == CsvDialect.SPACES && most > 0) {
        continue;
      }
      tie = share > 0 && share == most || tie && share < most;
      if (share > most) {
        most = share;
        best = separator;
      }
    }
    if (tie) {
      throw new CsvException(
          "must be given, for more than one separator divides the lines evenly: "
              + options.keys().of("separator"));
    }
    return best;
  }

  /** Returns the share of lines that have so many columns, if it is half of them or more. */
  private double share(int first, char separator, int columns) {
    int same = 0;
    int all = 0;
    for (String line : lines.subList(first, Math.min(lines.size(), first + MAX_ROWS))) {
      if (!line.isBlank()) {
        all++;
        same += fields(line, trial(separator), columns).size() == columns ? 1 : 0;
      }
    }
    return all > 0 && same * 2 >= all ? (double) same / all : 0;
  }

  /** Finds what divides the lines into so many fields. */
  private char separatorOf(int columns, int first) throws CsvException {
    if (options.separator() != null) {
      return options.separator();
    }
    if (columns == 1) {
      return ',';
    }
    List<Character> fitting =
        SEPARATORS.stream().filter(one -> share(first, one, columns) > 0).toList();
    if (fitting.size() > 1 && fitting.contains(CsvDialect.SPACES)) {
      fitting = fitting.stream().filter(one -> one != CsvDialect.SPACES).toList();
    }
    if (fitting.size() != 1) {
      throw new CsvException(
          "must be given, for %s divides the lines into the %d columns of %s: %s"
              .formatted(
                  fitting.isEmpty() ? "nothing that is usual" : "more than one separator",
                  columns,
                  options.keys().of("columns"),
                  options.keys().of("separator")));
    }
    return fitting.get(0);
  }

  /** Counts the lines under the names that have no digit where times are, as units have none. */
  private int linesUnder(CsvLayout upToNames) throws IOException {
    List<Integer> times =
        wanted.times().stream().map(upToNames.columns()::indexOf).filter(i -> i >= 0).toList();
    if (times.isEmpty()) {
      return 0;
    }
    try (CsvRows rows = rows(upToNames)) {
      for (int i = 0; i <= MAX_LINES_UNDER; i++) {
        CsvRecord row = rows.next();
        if (row == null) {
          return 0;
        }
        List<String> fields =
            fields(encoding.decode(row.bytes(), row.bytes().length), upToNames.dialect(), 1);
        if (fields.isEmpty()
            || times.stream()
                .anyMatch(time -> time < fields.size() && hasDigit(fields.get(time)))) {
          return i == 0 ? 0 : (int) (row.line() - 1 - upToNames.linesBefore());
        }
      }
    }
    return 0;
  }

  private static boolean hasDigit(String text) {
    return text.chars().anyMatch(Character::isDigit);
  }

  private CsvRows rows(CsvLayout layout) throws IOException {
    CsvLines all = new CsvLines(new ByteArrayInputStream(sample), encoding, 0, 0);
    for (long i = 0; i < layout.linesBefore(); i++) {
      var unused = all.next();
    }
    return new CsvRecords(all, encoding, layout.dialect(), layout.columns().size());
  }

  /** Looks at the fields of the first rows: are they text, and how are their numbers written? */
  private NumberMarks examined(CsvLayout layout) throws IOException, CsvException {
    MarksFinder marks = new MarksFinder(wanted.decimal(), wanted.thousands());
    Set<String> unreadable = new TreeSet<>();
    layout.columns().stream().filter(CsvFinder::isUnreadable).forEach(unreadable::add);
    Set<Integer> values = new HashSet<>();
    wanted.values().forEach(value -> values.add(layout.columns().indexOf(value)));
    try (CsvRows rows = rows(layout)) {
      CsvRecord row = rows.next();
      for (int i = 0; i < Math.min(MAX_ROWS, lines.size()) && row != null; i++) {
        examine(layout, row, values, marks, unreadable);
        row = rows.next();
      }
    }
    tellUnreadable(unreadable);
    return marks.marks(options.keys());
  }

  private void examine(
      CsvLayout layout,
      CsvRecord row,
      Set<Integer> values,
      MarksFinder marks,
      Set<String> unreadable) {
    List<String> fields;
    try {
      fields = layout.fields(row.bytes());
    } catch (CsvException e) {
      // It will be a bad record.
      return;
    }
    for (int column = 0; column < fields.size(); column++) {
      String field = fields.get(column);
      if (isUnreadable(field)) {
        unreadable.add(layout.columns().get(column));
      } else if (values.contains(column) && !wanted.missing().contains(field)) {
        marks.add(field);
      }
    }
  }

  private static boolean isUnreadable(String text) {
    return text.indexOf(UNREADABLE) >= 0;
  }

  /** Refuses bytes that are no text in a column that is wanted, and tells of others. */
  private void tellUnreadable(Set<String> unreadable) throws CsvException {
    if (unreadable.isEmpty()) {
      return;
    }
    List<String> inWanted =
        unreadable.stream()
            .filter(one -> wanted.columns().isEmpty() || wanted.columns().contains(one))
            .toList();
    if (!inWanted.isEmpty()) {
      throw new CsvException(
          "must be the encoding of the file, such as windows-1252, for column %s has bytes that are no %s: %s%s"
              .formatted(
                  String.join(", ", inWanted),
                  encoding.charset().name(),
                  options.keys().of("encoding"),
                  options.encoding() == null ? "" : "=" + options.encoding()));
    }
    remarks.add(
        "bytes that are no %s in %s, which is not wanted"
            .formatted(encoding.charset().name(), String.join(", ", unreadable)));
  }
}
