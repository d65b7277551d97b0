package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an instance asks of quotas and rates, and says of the leases that it holds. All its amounts
 * are totals, never differences: a request that is lost or comes twice changes nothing.
 *
 * @param number from 1, and higher with each new request of the stream. A request with the number
 *     of an earlier one is answered again and grants nothing more
 * @param stream what the instance appends to now, as its {@link Hello} says
 * @param secret the proof that {@code stream} is the sender's; null when it has none
 * @param asks at most {@link Bounds#LEASE_ENTRIES}
 * @param demands at most {@link Bounds#LEASE_ENTRIES}
 * @param refusals at most {@link Bounds#LEASE_ENTRIES}
 */
public record LeaseRequest(
    long number,
    UUID stream,
    @Nullable StreamSecret secret,
    List<Ask> asks,
    List<Demand> demands,
    List<Refusals> refusals) {

  /** The lists are copied. */
  public LeaseRequest {
    asks = List.copyOf(asks);
    demands = List.copyOf(demands);
    refusals = List.copyOf(refusals);
  }

  /** How a holder stands to a lease. */
  public enum Holding {
    /** It spends from it. */
    OPEN,
    /** It spends no more. The unspent rest of the grant goes back at once. */
    CLOSED,
    /**
     * It spends no more, and no event of it is still to come: all were delivered, or are lost. The
     * rest of the lease goes back.
     */
    DONE
  }

  /**
   * One quota.
   *
   * @param quota its id
   * @param epoch of the lease that the holder has; null when it has none
   * @param spent how much it has taken from this lease since its beginning; 0 without a lease
   * @param want how much it would have in hand at least; 0 when the lease is only to last longer
   * @param atMillis an instant of the period that it asks for, so that a holder has a lease of the
   *     next period before that begins; null for the present one
   */
  public record Ask(
      String quota,
      @Nullable String epoch,
      BigDecimal spent,
      BigDecimal want,
      Holding holding,
      @Nullable Long atMillis) {

    /** For the present period. */
    public Ask(
        String quota, @Nullable String epoch, BigDecimal spent, BigDecimal want, Holding holding) {
      this(quota, epoch, spent, want, holding, null);
    }
  }

  /**
   * How often a key is used here.
   *
   * @param keyId the key
   * @param share the number of the share that the holder applies now; 0 when it has none
   * @param asked how many calls asked for admission during the last second, admitted or not; the
   *     first request of a key says 1 at least
   */
  public record Demand(String keyId, long share, long asked) {}

  /**
   * How many calls of a key were refused.
   *
   * @param reason why: {@code QUOTA}, {@code RATE}, {@code MODEL}, {@code BLOCKED}, {@code EXPIRED}
   *     or {@code UNKNOWN}; 1 to 64 of {@code A-Z} and {@code _}
   * @param count since the stream began
   */
  public record Refusals(String keyId, String reason, long count) {}

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeNumberField("request", number);
          json.writeStringField("stream", stream.toString());
          if (secret != null) {
            json.writeStringField(StreamSecret.FIELD, secret.hex());
          }
          writeAsks(json);
          writeDemands(json);
          writeRefusals(json);
        });
  }

  /**
   * Reads a request.
   *
   * @throws MalformedMessageException when a field is malformed or beyond its bound
   */
  public static LeaseRequest decode(byte[] message) throws MalformedMessageException {
    JsonNode root = LeaseJson.read(message);
    return new LeaseRequest(
        LeaseJson.count(root, "request", 1),
        UsageBatch.stream(root),
        StreamSecret.read(root),
        readAsks(root),
        readDemands(root),
        readRefusals(root));
  }

  private void writeAsks(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("leases");
    for (Ask ask : asks) {
      json.writeStartObject();
      json.writeStringField("quota", ask.quota());
      if (ask.epoch() != null) {
        json.writeStringField("epoch", ask.epoch());
      }
      LeaseJson.writeAmount(json, "spent", ask.spent());
      LeaseJson.writeAmount(json, "want", ask.want());
      if (ask.atMillis() != null) {
        json.writeNumberField("at", ask.atMillis());
      }
      if (ask.holding() != Holding.OPEN) {
        json.writeStringField("holding", ask.holding().name().toLowerCase(Locale.ROOT));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeDemands(JsonGenerator json) throws IOException {
    if (demands.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("rates");
    for (Demand demand : demands) {
      json.writeStartObject();
      json.writeStringField("key_id", demand.keyId());
      json.writeNumberField("share", demand.share());
      json.writeNumberField("asked", demand.asked());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeRefusals(JsonGenerator json) throws IOException {
    if (refusals.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("refusals");
    for (Refusals each : refusals) {
      json.writeStartObject();
      json.writeStringField("key_id", each.keyId());
      json.writeStringField("reason", each.reason());
      json.writeNumberField("count", each.count());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static List<Ask> readAsks(JsonNode root) throws MalformedMessageException {
    List<Ask> asks = new ArrayList<>();
    for (JsonNode node : LeaseJson.list(root, "leases")) {
      asks.add(
          new Ask(
              LeaseJson.quota(node),
              LeaseJson.epoch(node),
              LeaseJson.amount(node, "spent"),
              LeaseJson.amount(node, "want"),
              holding(node.path("holding")),
              node.hasNonNull("at") ? LeaseJson.count(node, "at", 0) : null));
    }
    return asks;
  }

  private static List<Demand> readDemands(JsonNode root) throws MalformedMessageException {
    List<Demand> demands = new ArrayList<>();
    for (JsonNode node : LeaseJson.list(root, "rates")) {
      demands.add(
          new Demand(
              LeaseJson.keyId(node),
              LeaseJson.count(node, "share", 0),
              LeaseJson.count(node, "asked", 0)));
    }
    return demands;
  }

  private static List<Refusals> readRefusals(JsonNode root) throws MalformedMessageException {
    List<Refusals> refusals = new ArrayList<>();
    for (JsonNode node : LeaseJson.list(root, "refusals")) {
      refusals.add(
          new Refusals(
              LeaseJson.keyId(node),
              LeaseJson.code(node, "reason"),
              LeaseJson.count(node, "count", 0)));
    }
    return refusals;
  }

  private static Holding holding(JsonNode node) throws MalformedMessageException {
    if (node.isMissingNode()) {
      return Holding.OPEN;
    }
    return switch (node.asText("")) {
      case "open" -> Holding.OPEN;
      case "closed" -> Holding.CLOSED;
      case "done" -> Holding.DONE;
      default -> throw new MalformedMessageException("holding must be open, closed or done");
    };
  }
}
