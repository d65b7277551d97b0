package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys, as protocol v2 tells of them: a change, or one chunk of a snapshot.
 *
 * @param snapshot whether it is a chunk of the whole table; if not, it is a change
 * @param version of the table with this message in it
 * @param since of a change: the version before it; who has an older one has missed something. Of a
 *     snapshot: 0
 * @param chunk from 1
 * @param chunks how many make the snapshot; 1 for a change
 * @param keys others are unchanged, or in other chunks
 * @param skipped entries that were malformed and are left out
 */
public record KeyFeedMessage(
    boolean snapshot,
    long version,
    long since,
    int chunk,
    int chunks,
    List<KeyRecord> keys,
    int skipped) {

  /** The keys are copied. */
  public KeyFeedMessage {
    keys = List.copyOf(keys);
  }

  /** A change of the table. */
  public static KeyFeedMessage change(long since, long version, List<KeyRecord> keys) {
    return new KeyFeedMessage(/* snapshot= */ false, version, since, 1, 1, keys, 0);
  }

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeNumberField("version", version);
          json.writeBooleanField("snapshot", snapshot);
          json.writeNumberField("since", since);
          json.writeNumberField("chunk", chunk);
          json.writeNumberField("chunks", chunks);
          json.writeArrayFieldStart("keys");
          for (KeyRecord key : keys) {
            KeyRecordJson.write(json, key);
          }
          json.writeEndArray();
        });
  }

  /** Reads a message. A malformed entry is skipped and counted; the others count. */
  public static KeyFeedMessage decode(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readExactly(message);
    int chunk = root.path("chunk").asInt(1);
    int chunks = root.path("chunks").asInt(1);
    if (!root.path("keys").isArray()
        || !root.path("version").isIntegralNumber()
        || chunk < 1
        || chunks < chunk) {
      throw new MalformedMessageException(
          "version, a list keys, and chunk from 1 to chunks were expected");
    }
    List<KeyRecord> keys = new ArrayList<>();
    for (JsonNode node : root.path("keys")) {
      KeyRecord key = KeyRecordJson.read(node);
      if (key != null) {
        keys.add(key);
      }
    }
    return new KeyFeedMessage(
        root.path("snapshot").asBoolean(false),
        root.path("version").longValue(),
        root.path("since").asLong(0),
        chunk,
        chunks,
        keys,
        root.path("keys").size() - keys.size());
  }
}
