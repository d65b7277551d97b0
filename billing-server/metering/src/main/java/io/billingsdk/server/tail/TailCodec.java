package io.billingsdk.server.tail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.EventDetails;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The notifications by which servers tell each other what they stored: JSON of less than the 8,000
 * bytes that PostgreSQL takes.
 */
final class TailCodec {
  static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(Bounds.JSON_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** Asks all servers to tell what they store, for some seconds. */
  static final String WANT = "want";

  private static final int MESSAGE_BYTES = 7_900;
  private static final int ENVELOPE_BYTES = 64;
  private static final int DETAIL_CHARS = 1_000;

  private TailCodec() {}

  /** The notifications that hold these items, after so many that were lost. */
  static List<String> encode(List<? extends TailItem> items, long lost) {
    List<String> messages = new ArrayList<>();
    List<String> part = new ArrayList<>();
    long missing = lost;
    int bytes = ENVELOPE_BYTES;
    for (TailItem each : items) {
      String text = fitting(each).orElse(null);
      if (text == null) {
        missing++;
        continue;
      }
      int length = bytes(text) + 1;
      if (bytes + length > MESSAGE_BYTES) {
        messages.add(message(part, 0));
        part.clear();
        bytes = ENVELOPE_BYTES;
      }
      part.add(text);
      bytes += length;
    }
    if (!part.isEmpty() || missing > 0) {
      messages.add(message(part, missing));
    }
    return messages;
  }

  /** The items of a notification; empty when it is none of ours. */
  static List<TailItem> decode(String message) {
    List<TailItem> items = new ArrayList<>();
    try {
      JsonNode read = JSON.readTree(message);
      for (JsonNode each : read.path("items")) {
        items.add(each.has("code") ? rejected(each) : usage(each));
      }
      if (read.path("lost").asLong() > 0) {
        items.add(new TailItem.Lost(read.path("lost").asLong()));
      }
    } catch (JsonProcessingException | RuntimeException notOurs) {
      // Any login may notify; the tail is for watching, and skips it.
      return List.of();
    }
    return items;
  }

  /** An item, without its metadata and quantities if it is too long; empty if it still is. */
  private static Optional<String> fitting(TailItem item) {
    ObjectNode json = json(item);
    String text = json.toString();
    if (bytes(text) + ENVELOPE_BYTES >= MESSAGE_BYTES) {
      text = json.without("metadata").toString();
    }
    if (bytes(text) + ENVELOPE_BYTES >= MESSAGE_BYTES) {
      text = json.without("quantities").toString();
    }
    return bytes(text) + ENVELOPE_BYTES >= MESSAGE_BYTES ? Optional.empty() : Optional.of(text);
  }

  private static String message(List<String> items, long lost) {
    return "{\"lost\":" + lost + ",\"items\":[" + String.join(",", items) + "]}";
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static ObjectNode json(TailItem item) {
    ObjectNode json = JSON.createObjectNode();
    if (item instanceof TailItem.Usage event) {
      json.put("at", event.occurredAt().toString())
          .put("stream", event.stream().toString())
          .put("seq", event.seq())
          .put("instance", event.instance())
          .put("app", event.app())
          .put("key", event.key())
          .put("module", event.module())
          .put("model", event.model())
          .put("usage", event.usage().toString())
          .put("metadata", event.metadata());
      put(json, event.details());
      EventRef corrects = event.corrects();
      if (corrects != null) {
        json.putObject("corrects")
            .put("at", corrects.occurredAt().toString())
            .put("stream", corrects.stream().toString())
            .put("seq", corrects.seq());
      }
    } else if (item instanceof TailItem.Rejected refused) {
      UUID stream = refused.stream();
      String detail = refused.detail();
      json.put("at", refused.at().toString())
          .put("stream", stream == null ? null : stream.toString())
          .put("seq", refused.seq())
          .put("instance", refused.instance())
          .put("code", refused.code())
          .put("detail", detail.substring(0, Math.min(DETAIL_CHARS, detail.length())));
    }
    return json;
  }

  private static void put(ObjectNode json, EventDetails details) {
    // Nothing of an event without: most have none, and more of them fit into a notification.
    if (!details.equals(EventDetails.NONE)) {
      json.put("quantities", details.quantitiesJson())
          .put("subject", details.subject())
          .put("session", details.session())
          .put("execution", details.execution());
    }
  }

  private static TailItem.Usage usage(JsonNode json) {
    return new TailItem.Usage(
        Instant.parse(json.path("at").asText()),
        UUID.fromString(json.path("stream").asText()),
        json.path("seq").asLong(),
        text(json, "instance"),
        text(json, "app"),
        text(json, "key"),
        json.path("module").asText(),
        json.path("model").asText(),
        new BigDecimal(json.path("usage").asText()),
        text(json, "metadata"),
        EventDetails.ofJson(
            text(json, "quantities"),
            text(json, "subject"),
            text(json, "session"),
            text(json, "execution")),
        json.has("corrects") ? corrects(json.path("corrects")) : null);
  }

  private static EventRef corrects(JsonNode json) {
    return new EventRef(
        UUID.fromString(json.path("stream").asText()),
        json.path("seq").asLong(),
        Instant.parse(json.path("at").asText()));
  }

  private static TailItem.Rejected rejected(JsonNode json) {
    String stream = text(json, "stream");
    return new TailItem.Rejected(
        Instant.parse(json.path("at").asText()),
        stream == null ? null : UUID.fromString(stream),
        json.path("seq").asLong(),
        text(json, "instance"),
        json.path("code").asText(),
        json.path("detail").asText());
  }

  private static @Nullable String text(JsonNode json, String field) {
    return json.path(field).isTextual() ? json.path(field).textValue() : null;
  }
}
