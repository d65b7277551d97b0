package io.billingsdk.server.ledger;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.billingsdk.server.db.ResultRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an event may say beside its usage: several measured quantities, and who used them. Immutable
 * and thread-safe.
 *
 * @param quantities by their names, in the order of these; exact decimals
 * @param subject an end user of the app; null when it is not known
 * @param session null for none
 * @param execution null for none
 */
public record EventDetails(
    SortedMap<String, BigDecimal> quantities,
    @Nullable String subject,
    @Nullable String session,
    @Nullable String execution) {
  /** Amounts keep each digit; a double would round them. */
  private static final ObjectReader EXACT =
      new ObjectMapper().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** An event says none of it. */
  public static final EventDetails NONE =
      new EventDetails(Collections.emptySortedMap(), null, null, null);

  /** Copies the quantities, without zeros at their ends: the same amount is the same text. */
  public EventDetails {
    if (!quantities.isEmpty()) {
      SortedMap<String, BigDecimal> copy = new TreeMap<>(quantities);
      copy.replaceAll((name, amount) -> plain(amount));
      quantities = Collections.unmodifiableSortedMap(copy);
    }
  }

  /** These details; quantities in any order. */
  public static EventDetails of(
      Map<String, BigDecimal> quantities,
      @Nullable String subject,
      @Nullable String session,
      @Nullable String execution) {
    return quantities.isEmpty() && subject == null && session == null && execution == null
        ? NONE
        : new EventDetails(new TreeMap<>(quantities), subject, session, execution);
  }

  /**
   * The same.
   *
   * @param quantities as {@link #quantitiesJson} writes them; null for none
   */
  public static EventDetails ofJson(
      @Nullable String quantities,
      @Nullable String subject,
      @Nullable String session,
      @Nullable String execution) {
    return of(parsed(quantities), subject, session, execution);
  }

  /** The same of a correction, whose difference is one of usage alone. */
  EventDetails withoutQuantities() {
    return of(Map.of(), subject, session, execution);
  }

  /** The quantities as JSON, in one form whatever was sent; null for none. */
  public @Nullable String quantitiesJson() {
    if (quantities.isEmpty()) {
      return null;
    }
    StringBuilder json = new StringBuilder();
    quantities.forEach(
        (name, amount) ->
            json.append(json.isEmpty() ? '{' : ',')
                .append('"')
                .append(name)
                .append("\":")
                .append(amount.toPlainString()));
    return json.append('}').toString();
  }

  /** Of the columns with these names. */
  static EventDetails of(ResultRow row) {
    return ofJson(
        row.textOrNull("quantities"),
        row.textOrNull("subject"),
        row.textOrNull("session"),
        row.textOrNull("execution"));
  }

  /** The same by hand. */
  static EventDetails of(ResultSet row) throws SQLException {
    return ofJson(
        row.getString("quantities"),
        row.getString("subject"),
        row.getString("session"),
        row.getString("execution"));
  }

  private static Map<String, BigDecimal> parsed(@Nullable String json) {
    if (json == null) {
      return Map.of();
    }
    SortedMap<String, BigDecimal> quantities = new TreeMap<>();
    try {
      for (Map.Entry<String, JsonNode> each : EXACT.readTree(json).properties()) {
        quantities.put(each.getKey(), each.getValue().decimalValue());
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("quantities in the ledger are no JSON", impossible);
    }
    return quantities;
  }

  /** Without who used it, which is nobody's business in a log. */
  @Override
  public String toString() {
    return "EventDetails[quantities=" + quantities + "]";
  }

  private static BigDecimal plain(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
