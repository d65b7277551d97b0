package io.billingsdk.server.quotas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.rating.Charge;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.Dimension;
import org.jspecify.annotations.Nullable;

/** The value that a row of the ledger has in the dimension by which prices vary. */
final class DimensionValue {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DimensionValue() {}

  /** Empty without a dimension, and for a row without a value. */
  static String of(Charge charge, AppendedEvent row) {
    String dimension = charge.dimension();
    return dimension == null ? "" : orEmpty(of(Dimension.of(dimension), row));
  }

  private static @Nullable String of(Dimension dimension, AppendedEvent row) {
    if (dimension instanceof Dimension.Metadata field) {
      return metadata(row.metadata(), field.field());
    }
    return switch ((Dimension.Column) dimension) {
      case APP -> row.app();
      case KEY -> row.keyId();
      case MODULE -> row.module();
      case MODEL -> row.model();
    };
  }

  private static @Nullable String metadata(@Nullable String json, String field) {
    if (json == null) {
      return null;
    }
    try {
      JsonNode value = JSON.readTree(json).path(field);
      return value.isValueNode() ? value.asText() : null;
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("metadata in the ledger are no JSON", malformed);
    }
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
