package io.billingsdk.server.costs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Batches that earlier versions have left in the queue: an update of a server must not lose their
 * costs. The first form is a list of events with the names of their fields. In the second one, an
 * event is a list of numbers, and most of them are those of texts.
 */
final class EarlierBatch {
  private static final TypeReference<List<QueuedEvent>> LIST = new TypeReference<>() {};

  /** Fields of an event before its quantities, which are pairs of a name and a number. */
  private static final int FIELDS = 13;

  /** The number of a text that is not there. */
  private static final int NONE = -1;

  private EarlierBatch() {}

  static List<QueuedEvent> read(ObjectMapper json, JsonNode batch) {
    if (batch.isArray()) {
      return json.convertValue(batch, LIST);
    }
    JsonNode texts = batch.required(QueuedBatch.TEXTS);
    List<QueuedEvent> events = new ArrayList<>();
    long seq = 0;
    long atMillis = 0;
    for (JsonNode each : batch.required(QueuedBatch.EVENTS)) {
      seq += each.required(1).longValue();
      atMillis += each.required(2).longValue();
      events.add(new Fields(each, texts).read(seq, atMillis));
    }
    return events;
  }

  /** The fields of an event of the second form, in the order in which they were written. */
  private record Fields(JsonNode event, JsonNode texts) {
    QueuedEvent read(long seq, long atMillis) {
      return new QueuedEvent(
          AppendKind.valueOf(required(3)),
          event.required(0).intValue(),
          seq,
          atMillis,
          text(5),
          text(6),
          text(7),
          text(8),
          new BigDecimal(required(4)),
          text(9),
          quantities(),
          text(10),
          text(11),
          text(12));
    }

    private String required(int field) {
      return texts.required(event.required(field).intValue()).textValue();
    }

    private @Nullable String text(int field) {
      return event.required(field).intValue() == NONE ? null : required(field);
    }

    private Map<String, BigDecimal> quantities() {
      Map<String, BigDecimal> quantities = new LinkedHashMap<>();
      for (int i = FIELDS; i < event.size(); i += 2) {
        quantities.put(required(i), new BigDecimal(required(i + 1)));
      }
      return quantities;
    }
  }
}
