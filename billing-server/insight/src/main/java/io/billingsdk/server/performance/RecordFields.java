package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads the fields of a record that somebody sent. Fields that no record has are ignored.
 *
 * @param record the record
 * @param place of it in the request, as {@code [3].}; empty for a single one
 */
record RecordFields(ObjectNode record, String place) {
  private static final int NAME_CHARS = 256;
  private static final int MOST_DECIMALS = 18;
  private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);
  private static final String NUMBER = "[0-9]{1,20}([.][0-9]{1,18})?";

  /** A text of 1 to 256 characters that has to be there. */
  String name(String field) {
    return optionalName(field).orElseThrow(() -> wrong(field, "a text of 1 to 256 characters"));
  }

  /** The same if it is there. */
  Optional<String> optionalName(String field) {
    JsonNode value = record.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String text = value.isTextual() ? value.textValue() : "";
    if (text.isBlank() || text.length() > NAME_CHARS) {
      throw wrong(field, "a text of 1 to 256 characters");
    }
    return Optional.of(text);
  }

  /** A text of any length; a long one is cut. */
  Optional<String> shortened(String field, int most) {
    JsonNode value = record.path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      return Optional.empty();
    }
    String text = value.textValue();
    return Optional.of(text.substring(0, Math.min(most, text.length())));
  }

  /** A number that is not negative and has to be there. */
  BigDecimal amount(String field) {
    return optionalAmount(field).orElseThrow(() -> wrongAmount(field));
  }

  /** The same if it is there: a JSON number, or a text of plain decimals. */
  Optional<BigDecimal> optionalAmount(String field) {
    JsonNode value = record.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value.isTextual() && value.textValue().matches(NUMBER)) {
      return Optional.of(bounded(field, new BigDecimal(value.textValue())));
    }
    if (value.isNumber()) {
      return Optional.of(bounded(field, value.decimalValue()));
    }
    throw wrongAmount(field);
  }

  private BigDecimal bounded(String field, BigDecimal value) {
    if (value.signum() < 0 || value.compareTo(MOST) > 0 || value.scale() > MOST_DECIMALS) {
      throw wrongAmount(field);
    }
    return value;
  }

  private ProblemException wrongAmount(String field) {
    return wrong(field, "a number from 0 to 2^53, with at most 18 decimals");
  }

  /** Milliseconds, if they are there. */
  Optional<Long> millis(String field) {
    return optionalAmount(field)
        .map(
            value -> {
              if (value.stripTrailingZeros().scale() > 0) {
                throw wrong(field, "a whole number of milliseconds");
              }
              return value.longValueExact();
            });
  }

  /** A time, if it is there. */
  Optional<Instant> time(String field) {
    JsonNode value = record.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(Request.time(place + field, value.isTextual() ? value.textValue() : ""));
  }

  /** A copy of the metadata, to be added to. */
  ObjectNode metadata() {
    JsonNode value = record.path("metadata");
    if (value.isMissingNode() || value.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (value instanceof ObjectNode object) {
      return object.deepCopy();
    }
    throw wrong("metadata", "an object");
  }

  /** The refusal of a field. */
  ProblemException wrong(String field, String expected) {
    return Request.invalid(place + field, expected);
  }
}
