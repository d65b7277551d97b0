package io.billingsdk.server.tail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.ledger.EventFilter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a listener wants to see.
 *
 * @param events which events that were stored
 * @param usage whether it wants these
 * @param rejected whether it wants those that were refused. They have no app, key, module or model
 *     that could be relied on: a filter that asks for one sees none of them
 */
public record TailFilter(EventFilter events, boolean usage, boolean rejected) {
  /** Everything. */
  public static final TailFilter ALL = new TailFilter(EventFilter.ALL, true, true);

  boolean accepts(TailItem item) {
    if (item instanceof TailItem.Usage event) {
      return usage && accepts(event);
    }
    return item instanceof TailItem.Rejected && rejected && events.equals(EventFilter.ALL);
  }

  private boolean accepts(TailItem.Usage event) {
    return isOrAny(events.app(), event.app())
        && isOrAny(events.key(), event.key())
        && isOrAny(events.module(), event.module())
        && isOrAny(events.model(), event.model())
        && isOrAny(events.subject(), event.details().subject())
        && isOrAny(events.session(), event.details().session())
        && isOrAny(events.execution(), event.details().execution())
        && !(events.unattributed() && event.app() != null)
        && hasMetadata(event.metadata());
  }

  private static boolean isOrAny(@Nullable String asked, @Nullable String value) {
    return asked == null || asked.equals(value);
  }

  private boolean hasMetadata(@Nullable String json) {
    if (events.metadata().isEmpty()) {
      return true;
    }
    if (json == null) {
      return false;
    }
    try {
      JsonNode metadata = TailCodec.JSON.readTree(json);
      for (Map.Entry<String, String> each : events.metadata().entrySet()) {
        if (!each.getValue().equals(text(metadata.path(each.getKey())))) {
          return false;
        }
      }
      return true;
    } catch (JsonProcessingException malformed) {
      return false;
    }
  }

  /** As the database writes it. */
  private static @Nullable String text(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().toPlainString();
    }
    return value.isValueNode() && !value.isNull() ? value.asText() : null;
  }
}
