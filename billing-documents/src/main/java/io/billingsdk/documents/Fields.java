package io.billingsdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object of the canonical JSON. An absent field has its default, since documents
 * of earlier versions lack it; a field of another form is refused by its path.
 *
 * @param path of the object; empty for the whole document
 */
record Fields(String path, JsonNode node) {
  String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** An object; all its fields are absent if it is. */
  Fields object(String field) {
    return new Fields(name(field), node.path(field));
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  List<Fields> list(String field) {
    List<Fields> list = new ArrayList<>();
    JsonNode array = node.path(field);
    for (int i = 0; i < array.size(); i++) {
      list.add(new Fields(name(field) + "[" + i + "]", array.get(i)));
    }
    return list;
  }

  @Nullable String optional(String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(field, "a text");
    }
    return value.textValue().isBlank() ? null : value.textValue();
  }

  String text(String field) {
    String text = optional(field);
    if (text == null) {
      throw wrong(field, "a text");
    }
    return text;
  }

  String text(String field, String absent) {
    String text = optional(field);
    return text == null ? absent : text;
  }

  @Nullable LocalDate optionalDate(String field) {
    return has(field) ? date(field) : null;
  }

  LocalDate date(String field) {
    try {
      return LocalDate.parse(text(field));
    } catch (DateTimeException malformed) {
      throw wrong(field, "a date such as 2026-12-31");
    }
  }

  Instant time(String field) {
    try {
      return Instant.parse(text(field));
    } catch (DateTimeException malformed) {
      throw wrong(field, "a time such as 2026-12-31T00:00:00Z");
    }
  }

  @Nullable BigDecimal optionalDecimal(String field) {
    return has(field) ? decimal(field) : null;
  }

  BigDecimal decimal(String field) {
    try {
      return new BigDecimal(text(field));
    } catch (NumberFormatException malformed) {
      throw wrong(field, "a decimal number as a text");
    }
  }

  BigDecimal decimal(String field, BigDecimal absent) {
    BigDecimal decimal = optionalDecimal(field);
    return decimal == null ? absent : decimal;
  }

  List<String> texts(String field) {
    List<String> list = new ArrayList<>();
    node.path(field).forEach(each -> list.add(each.asText()));
    return list;
  }

  DocumentException wrong(String field, String expected) {
    return new DocumentException(
        name(field) + " of the invoice is missing or malformed, expected " + expected);
  }
}
