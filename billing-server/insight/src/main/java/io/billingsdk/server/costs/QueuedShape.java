package io.billingsdk.server.costs;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What many events of a batch have in common. Immutable.
 *
 * @param own which texts each event has for itself: a sum of the constants
 * @param names those of the quantities, in the order of their numbers
 */
record QueuedShape(
    AppendKind kind,
    int streamId,
    @Nullable String app,
    @Nullable String key,
    @Nullable String module,
    @Nullable String model,
    int own,
    List<String> names) {
  static final int METADATA = 1;
  static final int SUBJECT = 2;
  static final int SESSION = 4;
  static final int EXECUTION = 8;

  private static final int FIELDS = 7;

  static QueuedShape of(QueuedEvent event) {
    Map<String, BigDecimal> quantities = event.quantities();
    return new QueuedShape(
        event.kind(),
        event.streamId(),
        event.app(),
        event.key(),
        event.module(),
        event.model(),
        ownOf(event),
        quantities == null ? List.of() : List.copyOf(quantities.keySet()));
  }

  private static int ownOf(QueuedEvent event) {
    return (event.metadata() == null ? 0 : METADATA)
        + (event.subject() == null ? 0 : SUBJECT)
        + (event.session() == null ? 0 : SESSION)
        + (event.execution() == null ? 0 : EXECUTION);
  }

  boolean has(int text) {
    return (own & text) != 0;
  }

  boolean isOf(QueuedEvent event) {
    return kind == event.kind()
        && streamId == event.streamId()
        && own == ownOf(event)
        && Objects.equals(app, event.app())
        && Objects.equals(key, event.key())
        && Objects.equals(module, event.module())
        && Objects.equals(model, event.model())
        && hasNamesOf(event.quantities());
  }

  private boolean hasNamesOf(@Nullable Map<String, BigDecimal> quantities) {
    if (quantities == null || quantities.size() != names.size()) {
      return quantities == null && names.isEmpty();
    }
    for (String name : names) {
      if (!quantities.containsKey(name)) {
        return false;
      }
    }
    return true;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartArray();
    json.writeString(kind.name());
    json.writeNumber(streamId);
    json.writeString(app);
    json.writeString(key);
    json.writeString(module);
    json.writeString(model);
    json.writeNumber(own);
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  static QueuedShape read(JsonNode shape) {
    List<String> names = new ArrayList<>();
    for (int i = FIELDS; i < shape.size(); i++) {
      names.add(shape.required(i).textValue());
    }
    return new QueuedShape(
        AppendKind.valueOf(shape.required(0).textValue()),
        shape.required(1).intValue(),
        shape.required(2).textValue(),
        shape.required(3).textValue(),
        shape.required(4).textValue(),
        shape.required(5).textValue(),
        shape.required(6).intValue(),
        List.copyOf(names));
  }
}
