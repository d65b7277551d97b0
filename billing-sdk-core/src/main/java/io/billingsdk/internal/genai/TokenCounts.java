package io.billingsdk.internal.genai;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Takes the numbers of one usage object, and remembers the first that is none. For one object. */
final class TokenCounts {
  private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);

  private final JsonNode usage;
  private boolean found;
  private @Nullable String problem;

  TokenCounts(JsonNode usage) {
    this.usage = usage;
  }

  /** The number at a path of names; 0 when there is none. */
  long at(String... path) {
    JsonNode node = usage;
    for (String name : path) {
      node = node.path(name);
    }
    return count(String.join(".", path), node);
  }

  /** Whether a number is at this name. */
  boolean has(String name) {
    return usage.hasNonNull(name);
  }

  /** The sum of a list of Gemini's over those of sound: {@code [{"modality", "tokenCount"}]}. */
  long audio(String list) {
    long sum = 0;
    for (JsonNode each : usage.path(list)) {
      if (each.path("modality").asText("").equals("AUDIO")) {
        sum += count(list + ".tokenCount", each.path("tokenCount"));
      }
    }
    return sum;
  }

  private long count(String field, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return 0;
    }
    if (node.isNumber()) {
      // Some readers of JSON make doubles of all numbers.
      BigDecimal number = node.decimalValue().stripTrailingZeros();
      if (number.signum() >= 0 && number.scale() <= 0 && number.compareTo(MOST) <= 0) {
        found = true;
        return number.longValue();
      }
    }
    wrong(field + " must be a whole number from 0 to 2^53");
    return 0;
  }

  /** A part of a whole, which is at most what is left of it. */
  long part(String field, long part, long left) {
    if (part > left) {
      wrong(field + " must be at most the tokens that it is a part of");
    }
    return Math.min(part, left);
  }

  private void wrong(String what) {
    problem = problem == null ? what : problem;
  }

  /** Whether there was any number. */
  boolean found() {
    return found;
  }

  @Nullable String problem() {
    return problem;
  }
}
