package io.billingsdk.server;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts in a Java source: string literals and text blocks, those that are added to each other
 * as one. Where something else is added, the text has {@link #UNKNOWN} in its place.
 */
final class SqlTexts {
  /** What is known only when the program runs. */
  static final String UNKNOWN = " \u0001 ";

  private final String source;
  private final List<String> texts = new ArrayList<>();
  private final StringBuilder between = new StringBuilder();
  private StringBuilder text = new StringBuilder();
  private boolean begun;
  private int at;

  private SqlTexts(String source) {
    this.source = source;
  }

  static List<String> of(String source) {
    SqlTexts reading = new SqlTexts(source);
    reading.read();
    return reading.texts;
  }

  private void read() {
    while (at < source.length()) {
      if (source.startsWith("//", at)) {
        at = end("\n", at);
      } else if (source.startsWith("/*", at)) {
        at = end("*/", at);
      } else if (source.startsWith("\"\"\"", at)) {
        literal("\"\"\"");
      } else if (source.charAt(at) == '"') {
        literal("\"");
      } else if (source.charAt(at) == '\'') {
        at += source.charAt(at + 1) == '\\' ? 3 : 1;
        at = end("'", at);
        between.append('c');
      } else {
        between.append(source.charAt(at++));
      }
    }
    finish();
  }

  private int end(String mark, int from) {
    int found = source.indexOf(mark, from);
    return found < 0 ? source.length() : found + mark.length();
  }

  private void literal(String quotes) {
    join();
    at += quotes.length();
    while (!source.startsWith(quotes, at)) {
      if (source.charAt(at) == '\\') {
        at++;
        text.append(source.charAt(at) == 'n' ? '\n' : source.charAt(at));
      } else {
        text.append(source.charAt(at));
      }
      at++;
    }
    at += quotes.length();
  }

  /** Decides whether the next literal goes on with the one before. */
  private void join() {
    String said = between.toString().strip();
    boolean added = said.startsWith("+") && said.endsWith("+") && !said.contains(";");
    if (begun && !added) {
      finish();
    } else if (begun && !said.equals("+")) {
      text.append(UNKNOWN);
    }
    between.setLength(0);
    begun = true;
  }

  private void finish() {
    if (begun) {
      boolean goesOn = between.toString().strip().startsWith("+");
      texts.add(goesOn ? text + UNKNOWN : text.toString());
    }
    text = new StringBuilder();
    begun = false;
  }
}
