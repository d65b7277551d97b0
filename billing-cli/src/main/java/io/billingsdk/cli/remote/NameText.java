package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.WrongValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;

/** Options of the form {@code NAME=TEXT}. The parser's own maps would take quotes for its own. */
final class NameText {
  private NameText() {}

  /** Holds one against its form. */
  static final class NameForm implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.indexOf('=') < 1) {
        throw new WrongValueException("NAME=TEXT", text);
      }
      return text;
    }
  }

  /** By their names; of one that is given twice the last. */
  static Map<String, String> map(List<String> texts) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String each : texts) {
      int equals = each.indexOf('=');
      map.put(each.substring(0, equals), each.substring(equals + 1));
    }
    return map;
  }
}
