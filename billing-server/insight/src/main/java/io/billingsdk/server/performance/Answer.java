package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.common.CsvLines;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.Request;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows with the same fields: an array as JSON, or lines as CSV. For one thread. */
final class Answer {
  private static final String CSV = "text/csv";

  private final List<String> fields;
  private final ArrayNode rows = JsonNodeFactory.instance.arrayNode();
  private final Map<String, String> headers = new LinkedHashMap<>();

  Answer(String... fields) {
    this.fields = List.of(fields);
  }

  /** Adds a row; a text, a number, or null for each field. */
  void row(@Nullable Object... values) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < fields.size(); i++) {
      put(row, fields.get(i), values[i]);
    }
    rows.add(row);
  }

  /** Adds a field of an object: null is there as null. */
  static void put(ObjectNode row, String field, @Nullable Object value) {
    if (value == null) {
      row.putNull(field);
    } else if (value instanceof BigDecimal number) {
      row.set(field, Json.number(plain(number)));
    } else if (value instanceof Long number) {
      row.put(field, number);
    } else if (value instanceof JsonNode node) {
      row.set(field, node);
    } else {
      row.put(field, value.toString());
    }
  }

  /** Without zeros at its end, and without an exponent for large ones. */
  static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  void header(String name, String value) {
    headers.put(name, value);
  }

  /** In the form that the request asks for: {@code format}, or the Accept header. */
  ApiResponse in(Request request) {
    return isCsv(request)
        ? new ApiResponse.Whole(200, CSV + "; charset=utf-8", csv(), headers)
        : new ApiResponse.Whole(200, ApiResponse.JSON, Json.bytes(rows), headers);
  }

  private static boolean isCsv(Request request) {
    return switch (request.parameter("format").orElse("")) {
      case "csv" -> true;
      case "json" -> false;
      case "" -> isAccepted(request);
      default -> throw Request.invalid("format", "one of json, csv");
    };
  }

  /** Whether the caller wants lines, and not JSON as well. */
  private static boolean isAccepted(Request request) {
    List<String> types =
        request.headers().entrySet().stream()
            .filter(each -> each.getKey().equalsIgnoreCase("Accept"))
            .flatMap(each -> each.getValue().stream())
            .flatMap(each -> Arrays.stream(each.split(",", -1)))
            .map(each -> each.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .toList();
    return types.contains(CSV) && !types.contains(ApiResponse.JSON);
  }

  private byte[] csv() {
    CsvLines lines = new CsvLines().line(fields.toArray());
    for (JsonNode row : rows) {
      lines.line(fields.stream().map(each -> cell(row.path(each))).toArray());
    }
    return lines.bytes();
  }

  private static @Nullable Object cell(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isNumber()) {
      return value.decimalValue();
    }
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
