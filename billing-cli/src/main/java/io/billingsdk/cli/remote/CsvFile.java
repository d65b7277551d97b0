package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.CommandException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a file of comma-separated values (RFC 4180), whose first line names the columns. */
final class CsvFile {
  private static final Pattern SENT = Pattern.compile("([a-z]+\\[([0-9]{1,6})])");

  private final String name;
  private final String text;
  private int place;
  private int line = 1;

  private CsvFile(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** A row with its values by column; an empty text for a column without one. */
  record CsvRow(int line, Map<String, String> values) {
    String value(String column) {
      return values.getOrDefault(column, "");
    }
  }

  /**
   * The rows of a file.
   *
   * @param columns that it must have
   */
  static List<CsvRow> read(Path file, List<String> columns) {
    String text = PlanFileText.read(file);
    // Spreadsheets write the mark of their byte order.
    CsvFile csv =
        new CsvFile(file.toString(), text.startsWith("\uFEFF") ? text.substring(1) : text);
    List<String> header = csv.record().stream().map(String::strip).toList();
    for (String column : columns) {
      if (!header.contains(column)) {
        throw new CommandException(
            csv.name + " must have a column " + column + " in its first line");
      }
    }
    List<CsvRow> rows = new ArrayList<>();
    while (csv.place < csv.text.length()) {
      int begin = csv.line;
      List<String> fields = csv.record();
      if (!fields.equals(List.of(""))) {
        rows.add(csv.row(begin, header, fields));
      }
    }
    return rows;
  }

  /** A refusal that names a row by its place among those that were sent, with its line, too. */
  static CommandException withLine(CommandException refused, List<CsvRow> sent, Path file) {
    String said = String.valueOf(refused.getMessage());
    Matcher found = SENT.matcher(said);
    if (!found.find() || Integer.parseInt(found.group(2)) >= sent.size()) {
      return refused;
    }
    int line = sent.get(Integer.parseInt(found.group(2))).line();
    return new CommandException(
        "%s; %s is line %d of %s".formatted(said, found.group(1), line, file), refused);
  }

  private CsvRow row(int begin, List<String> header, List<String> fields) {
    if (fields.size() != header.size()) {
      throw new CommandException(
          "line %d of %s must have %d fields, as the first one, but has %d"
              .formatted(begin, name, header.size(), fields.size()));
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      values.put(header.get(i), fields.get(i).strip());
    }
    return new CsvRow(begin, values);
  }

  private List<String> record() {
    List<String> fields = new ArrayList<>();
    do {
      fields.add(place < text.length() && text.charAt(place) == '"' ? quoted() : plain());
    } while (next() == ',');
    return fields;
  }

  /** What ends a field: a comma, or anything else for the end of the line. */
  private char next() {
    if (place >= text.length()) {
      return '\n';
    }
    char end = text.charAt(place);
    place++;
    if (end == '\r' && place < text.length() && text.charAt(place) == '\n') {
      place++;
    }
    if (end != ',' && end != '\r' && end != '\n') {
      throw new CommandException(
          "line %d of %s must have a comma after a field in quotes".formatted(line, name));
    }
    line += end == ',' ? 0 : 1;
    return end;
  }

  private String plain() {
    int begin = place;
    while (place < text.length() && ",\r\n".indexOf(text.charAt(place)) < 0) {
      place++;
    }
    return text.substring(begin, place);
  }

  private String quoted() {
    StringBuilder field = new StringBuilder();
    place++;
    while (place < text.length()) {
      char each = text.charAt(place);
      place++;
      if (each != '"') {
        field.append(each);
        line += each == '\n' ? 1 : 0;
      } else if (place < text.length() && text.charAt(place) == '"') {
        field.append('"');
        place++;
      } else {
        return field.toString();
      }
    }
    throw new CommandException("line %d of %s must end its quotes".formatted(line, name));
  }
}
