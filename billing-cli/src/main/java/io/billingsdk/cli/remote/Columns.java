package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which parts of an item a list shows, as a table or as comma-separated values. */
final class Columns {
  private final List<Column> all = new ArrayList<>();

  /** How a table shows it. */
  private enum ColumnKind {
    WHOLE,
    NUMBER,
    TEXT
  }

  private record Column(
      String name, ColumnKind kind, int most, Function<JsonNode, @Nullable String> value) {}

  /** A column that is never cut. */
  Columns whole(String name, String field) {
    return add(name, ColumnKind.WHOLE, 0, item -> text(item.path(field)));
  }

  /** A column of numbers. */
  Columns number(String name, String field) {
    return add(name, ColumnKind.NUMBER, 0, item -> text(item.path(field)));
  }

  /** A column that a table may cut. */
  Columns text(String name, String field, int most) {
    return add(name, ColumnKind.TEXT, most, item -> text(item.path(field)));
  }

  /** The same of what is in an object of the item. */
  Columns within(String name, String object, String field) {
    return add(name, ColumnKind.WHOLE, 0, item -> text(item.path(object).path(field)));
  }

  private Columns add(
      String name, ColumnKind kind, int most, Function<JsonNode, @Nullable String> value) {
    all.add(new Column(name, kind, most, value));
    return this;
  }

  List<String> names() {
    return all.stream().map(Column::name).toList();
  }

  /** What an item has of them; null of what it has not. */
  List<@Nullable String> of(JsonNode item) {
    List<@Nullable String> values = new ArrayList<>();
    for (Column each : all) {
      values.add(each.value().apply(item));
    }
    return values;
  }

  /** A table of them. */
  Table table(Terminal terminal) {
    Table table = new Table(terminal);
    for (Column each : all) {
      switch (each.kind()) {
        case WHOLE -> table.whole(each.name());
        case NUMBER -> table.number(each.name());
        case TEXT -> table.text(each.name(), each.most());
      }
    }
    return table;
  }

  private static @Nullable String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
