package io.billingsdk.server.ledger;

import io.billingsdk.wire.Bounds;
import java.util.Locale;

/** By what usage is grouped. */
public sealed interface Dimension {

  /** What each event has, and the rollups too. */
  enum Column implements Dimension {
    /** The app that the event belongs to, by its key or since it was attributed. */
    APP("app_id"),
    /** The id of the key. */
    KEY("key_id"),
    /** The module. */
    MODULE("module"),
    /** The model. */
    MODEL("model");

    private final String column;

    Column(String column) {
      this.column = column;
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
        throw new QueryException(PREFIX + "…", "a name of 1 to 64 characters");
      }
    }
  }

  /**
   * The dimension of a name: {@code app}, {@code key}, {@code module}, {@code model} or {@code
   * metadata.} with the name of a field.
   *
   * @throws QueryException when it is none of these
   */
  static Dimension of(String name) {
    if (name.startsWith(Metadata.PREFIX)) {
      return new Metadata(name.substring(Metadata.PREFIX.length()));
    }
    for (Column each : Column.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new QueryException("groupBy", "app, key, module, model or metadata.NAME");
  }

  private static boolean isMetadataName(String name) {
    return !name.isEmpty()
        && name.length() <= Bounds.METADATA_NAME_CHARS
        && Bounds.isWellFormedText(name);
  }
}
