package io.billingsdk.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The prose in one Java source: its texts in quotes, its Javadoc and its other comments. Immutable.
 *
 * @param literals texts with a space in them; those that a {@code +} joins are one, with an
 *     ellipsis for each value between them
 * @param javadoc each paragraph and each tag's text, without inline code
 * @param comments the other ones; lines of {@code //} that follow each other are one
 */
record JavaTexts(List<String> literals, List<String> javadoc, List<String> comments) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])++'"
              + "|(?://[^\n]*+\\s*+)++|/\\*.*?\\*/",
          Pattern.DOTALL);
  private static final Pattern JOINED = Pattern.compile("\\s*\\+\\s*");
  private static final Pattern JOINED_BY_A_VALUE = Pattern.compile("\\s*\\+[^;{}\"]*\\+\\s*");
  private static final Pattern PARAGRAPH =
      Pattern.compile(
          "<(?:p|li|td|th|tr|ul|ol|table|caption|pre)>"
              + "|@(?:param|throws)\\s+\\S+\\s|@(?:return|deprecated|see)\\s");

  /** Takes a source apart. */
  static JavaTexts parse(String source) {
    JavaTexts texts = new JavaTexts(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    StringBuilder literal = new StringBuilder();
    int literalEnd = 0;
    for (Matcher token = TOKEN.matcher(source); token.find(); ) {
      String text = token.group();
      if (text.startsWith("\"")) {
        String between = source.substring(literalEnd, token.start());
        boolean joined = JOINED.matcher(between).matches();
        if (!joined && JOINED_BY_A_VALUE.matcher(between).matches()) {
          literal.append('…');
        } else if (!joined) {
          texts.addLiteral(literal);
        }
        literal.append(content(text));
        literalEnd = token.end();
      } else if (text.startsWith("/**")) {
        texts.addJavadoc(text.substring(3, text.length() - 2));
      } else if (text.startsWith("/*")) {
        texts.comments.add(oneLine(text.substring(2, text.length() - 2)));
      } else if (text.startsWith("//")) {
        texts.comments.add(oneLine(text.replaceAll("(?m)^\\s*//", "")));
      }
    }
    texts.addLiteral(literal);
    return texts;
  }

  Stream<String> all() {
    return Stream.of(literals, javadoc, comments).flatMap(List::stream);
  }

  private void addLiteral(StringBuilder literal) {
    if (literal.indexOf(" ") >= 0) {
      literals.add(literal.toString());
    }
    literal.setLength(0);
  }

  private void addJavadoc(String comment) {
    String text = oneLine(comment.replaceAll("(?m)^\\s*\\*", " "));
    String prose = text.replaceAll("\\{@\\w+\\s[^}]*\\}", "`");
    PARAGRAPH
        .splitAsStream(prose)
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .forEach(javadoc::add);
  }

  private static String content(String quoted) {
    int quotes = quoted.startsWith("\"\"\"") ? 3 : 1;
    String text = quoted.substring(quotes, quoted.length() - quotes);
    return oneLine(text.replace("\\n", "\n").replace("%n", "\n").replace("\\\"", "\""));
  }

  /** With one space for white space of any length; a space at an end stays. */
  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
