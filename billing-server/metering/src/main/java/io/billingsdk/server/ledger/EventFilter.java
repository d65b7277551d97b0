package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant: those that fulfil all of it.
 *
 * @param app that they belong to, by their key or since they were attributed; null for any
 * @param key the id of their key; null for any
 * @param module null for any
 * @param model null for any
 * @param metadata fields with the value that they must have, compared as text: 8 at most
 * @param unattributed only those that belong to no app; not together with an app
 */
public record EventFilter(
    @Nullable String app,
    @Nullable String key,
    @Nullable String module,
    @Nullable String model,
    Map<String, String> metadata,
    boolean unattributed) {

  /** All events. */
  public static final EventFilter ALL = new EventFilter(null, null, null, null, Map.of(), false);

  private static final int METADATA_FIELDS = 8;

  /** Refuses what no event can have. */
  public EventFilter {
    requireText("appId", app);
    requireText("keyId", key);
    requireText("module", module);
    requireText("model", model);
    metadata = Map.copyOf(metadata);
    if (metadata.size() > METADATA_FIELDS) {
      throw RequestRefusedException.invalid(
          "metadata", "of at most " + METADATA_FIELDS + " fields");
    }
    metadata.forEach(
        (field, value) -> {
          var unused = new Dimension.Metadata(field);
          if (value.length() > Bounds.METADATA_STRING_CHARS || !Bounds.isWellFormedText(value)) {
            throw RequestRefusedException.invalid(
                "metadata", "of texts of at most " + Bounds.METADATA_STRING_CHARS + " characters");
          }
        });
    if (unattributed && app != null) {
      throw RequestRefusedException.invalid("unattributed", "absent where appId is given");
    }
  }

  /** The same for one app alone. */
  public EventFilter ofApp(String only) {
    return new EventFilter(only, key, module, model, metadata, unattributed);
  }

  private static void requireText(String field, @Nullable String text) {
    if (text != null
        && (text.isEmpty()
            || text.length() > Bounds.NAME_CHARS
            || !Bounds.isWellFormedText(text))) {
      throw RequestRefusedException.invalid(
          field, "a text of 1 to " + Bounds.NAME_CHARS + " characters");
    }
  }
}
