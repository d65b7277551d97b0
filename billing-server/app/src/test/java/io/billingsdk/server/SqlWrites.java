package io.billingsdk.server;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which tables a text of SQL writes to: INSERT, UPDATE, DELETE, COPY, TRUNCATE, MERGE. */
final class SqlWrites {
  /** In place of a table whose name is not in the text. */
  static final String NOT_NAMED = "?";

  private static final String TABLE = "(?:only\\s+)?(?<table>\"?[a-z_][a-z0-9_.]*\"?|\u0001|$)";

  private static final Pattern WRITES =
      Pattern.compile(
          "\\b(?:"
              + "(?:insert\\s+into|merge\\s+into|delete\\s+from)\\s+(?:only\\s+)?"
              + "|(?-i:TRUNCATE)\\s+(?!on\\b)(?:table\\s+)?(?:only\\s+)?"
              + "|(?-i:COPY)\\s+(?=\\S+\\s*(?:\\([^)]*\\)\\s*)?FROM\\b|\u0001)"
              + "|update\\s+(?=(?:only\\s+)?\\S+\\s+(?:as\\s+\\w+\\s+|(?!set\\b)\\w+\\s+)?"
              + "set\\s+(?:\\(|\"?\\w+\"?\\s*=))"
              + ")"
              + TABLE,
          Pattern.CASE_INSENSITIVE);

  private SqlWrites() {}

  static Set<String> of(String sql) {
    Set<String> tables = new TreeSet<>();
    String[] pieces = sql.replaceAll("--[^\n]*", "").split(";", -1);
    for (String piece : pieces) {
      Matcher found = WRITES.matcher(piece);
      while (found.find()) {
        String table = found.group("table").replace("\"", "").replaceFirst("^public\\.", "");
        // DO UPDATE SET and FOR UPDATE name no table.
        tables.add(table.isEmpty() || table.equals("\u0001") ? NOT_NAMED : table);
      }
    }
    return tables;
  }
}
