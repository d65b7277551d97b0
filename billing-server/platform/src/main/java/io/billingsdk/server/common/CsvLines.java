package io.billingsdk.server.common;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Comma-separated values: RFC 4180, amounts exact plain decimals. For one thread. */
public final class CsvLines {
  private static final String END = "\r\n";

  private final StringBuilder text = new StringBuilder();

  /** Adds a line; null is an empty field. */
  public CsvLines line(@Nullable Object... fields) {
    text.append(Arrays.stream(fields).map(CsvLines::field).collect(Collectors.joining(",")))
        .append(END);
    return this;
  }

  /** A text that a spreadsheet would run as a formula gets an apostrophe; a number does not. */
  private static String field(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String shown =
        ShownText.of(
            value instanceof BigDecimal number ? number.toPlainString() : value.toString());
    boolean isNumber = shown.matches("-?[0-9]+(\\.[0-9]+)?");
    String safe = !isNumber && shown.matches("[=+\\-@].*") ? "'" + shown : shown;
    return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  /** All lines, in UTF-8. */
  public byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
