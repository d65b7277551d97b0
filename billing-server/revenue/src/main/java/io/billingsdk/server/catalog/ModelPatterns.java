package io.billingsdk.server.catalog;

import io.billingsdk.protocol.Bounds;
import java.util.List;

/** Names of models, and beginnings of names followed by {@code *}. */
final class ModelPatterns {
  private ModelPatterns() {}

  static List<String> read(Fields fields, String name, int most) {
    List<String> patterns = fields.texts(name, most, Bounds.NAME_CHARS);
    for (int i = 0; i < patterns.size(); i++) {
      int star = patterns.get(i).indexOf('*');
      if (star >= 0 && star < patterns.get(i).length() - 1) {
        throw fields.wrong(
            name + "[" + i + "]", "the name of a model, or the beginning of names followed by *");
      }
    }
    return patterns;
  }

  /** Whether a list says exactly which models there are. */
  static boolean areNames(List<String> patterns) {
    return !patterns.isEmpty() && patterns.stream().noneMatch(each -> each.endsWith("*"));
  }
}
