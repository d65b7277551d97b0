package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.common.RequestRefusedException;

/** By what usage is grouped. */
public sealed interface Dimension {

  /** What each event has, and the rollups too. */
  enum Column implements Dimension {
    /** The app that the event belongs to, by its key or since it was attributed. */
    APP("appId", "app_id"),
    /** The id of the key. */
    KEY("keyId", "key_id"),
    /** The module. */
    MODULE("module", "module"),
    /** The model. */
    MODEL("model", "model");

    private final String text;
    private final String column;

    Column(String text, String column) {
      this.text = text;
      this.column = column;
    }

    @Override
    public String text() {
      return text;
    }

    String column() {
      return column;
    }
  }

  /**
   * A field of the metadata, which only the events have.
   *
   * @param field its name, 1 to {@value Bounds#METADATA_NAME_CHARS} characters
   */
  record Metadata(String field) implements Dimension {
    /** What the name of such a dimension begins with. */
    public static final String PREFIX = "metadata.";

    /** Refuses what no event can have. */
    public Metadata {
      if (!isMetadataName(field)) {
        throw RequestRefusedException.invalid(PREFIX + "NAME", "of a name of 1 to 64 characters");
      }
    }

    @Override
    public String text() {
      return PREFIX + field;
    }
  }

  /** Its name, as {@link #of} takes it. */
  String text();

  /**
   * The dimension of a name: {@code appId}, {@code keyId}, {@code module}, {@code model} or {@code
   * metadata.} with the name of a field.
   *
   * @throws RequestRefusedException when it is none of these
   */
  static Dimension of(String name) {
    if (name.startsWith(Metadata.PREFIX)) {
      return new Metadata(name.substring(Metadata.PREFIX.length()));
    }
    for (Column each : Column.values()) {
      if (each.text.equals(name)) {
        return each;
      }
    }
    throw RequestRefusedException.invalid(
        "groupBy", "names of appId, keyId, module, model and metadata.NAME");
  }

  private static boolean isMetadataName(String name) {
    return !name.isEmpty()
        && name.length() <= Bounds.METADATA_NAME_CHARS
        && Bounds.isWellFormedText(name);
  }
}
