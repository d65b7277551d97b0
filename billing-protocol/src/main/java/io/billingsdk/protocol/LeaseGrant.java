package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a billing system grants an instance of quotas and rates. All its amounts are totals: one
 * that comes twice, late or out of order changes nothing for a holder that keeps the highest.
 *
 * @param request the number of the {@link LeaseRequest} that it answers; 0 when nobody asked
 * @param stream of the request: another process under the same name ignores the grant
 * @param ledger which debits the leases; leases of another ledger are void
 * @param leases at most {@link Bounds#LEASE_ENTRIES}
 * @param rates at most {@link Bounds#LEASE_ENTRIES}
 */
public record LeaseGrant(
    long request, UUID stream, UUID ledger, List<Lease> leases, List<RateShare> rates) {

  /** The lists are copied. */
  public LeaseGrant {
    leases = List.copyOf(leases);
    rates = List.copyOf(rates);
  }

  /**
   * How one quota stands, and what of it is leased to the instance.
   *
   * @param quota its id
   * @param epoch of the lease; null when there is none: the quota is used up, or nobody knows it.
   *     Another epoch than before means that the earlier lease has ended: nothing may be spent of
   *     it
   * @param granted how much was granted under this epoch since its beginning; only grows
   * @param expiresInMillis how long the lease may be spent from, counted from when the holder
   *     <em>sent</em> the request; 0 without a lease
   * @param periodStartMillis an admission before it is not of this lease
   * @param periodEndMillis nor one from then on; a new period begins then
   * @param limit of the period, with extensions; null for none
   * @param used how much of it is used or leased to anybody
   * @param refusal why nothing more was granted; null when there was no reason to refuse
   * @param retryInMillis when it makes sense to ask again; 0 for at once
   */
  public record Lease(
      String quota,
      @Nullable String epoch,
      BigDecimal granted,
      long expiresInMillis,
      long periodStartMillis,
      long periodEndMillis,
      @Nullable BigDecimal limit,
      BigDecimal used,
      @Nullable Refusal refusal,
      long retryInMillis) {}

  /** Why nothing more of a quota was granted. */
  public enum Refusal {
    /** It is used up, or leased to others. */
    EXHAUSTED,
    /**
     * There is no such quota, or not any longer; also any reason that this version does not know.
     */
    UNKNOWN
  }

  /**
   * The part of a key's rate that this instance may use.
   *
   * @param share higher with each new share of the key for this instance; a lower one is ignored
   * @param perSecond calls a second in the long run, exact
   * @param burst whole calls at once; 0 when it has no share and asks again
   * @param expiresInMillis as for a lease; 0 in an answer that nobody asked for: the holder keeps
   *     the end that it has
   * @param full whether the calls of {@code burst} may be made at once. If not, a burst that grows
   *     brings no calls with it: they come with {@code perSecond}
   * @param confirm whether others wait for it: the holder applies it and says its number at once
   */
  public record RateShare(
      String keyId,
      long share,
      BigDecimal perSecond,
      long burst,
      long expiresInMillis,
      boolean full,
      boolean confirm) {}

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeNumberField("request", request);
          json.writeStringField("stream", stream.toString());
          json.writeStringField("ledger", ledger.toString());
          writeLeases(json);
          writeRates(json);
        });
  }

  /**
   * Reads a grant.
   *
   * @throws MalformedMessageException when a field is malformed or beyond its bound
   */
  public static LeaseGrant decode(byte[] message) throws MalformedMessageException {
    JsonNode root = LeaseJson.read(message);
    return new LeaseGrant(
        LeaseJson.count(root, "request", 0),
        UsageBatch.stream(root),
        LeaseJson.ledger(root),
        readLeases(root),
        readRates(root));
  }

  private void writeLeases(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("leases");
    for (Lease lease : leases) {
      json.writeStartObject();
      json.writeStringField("quota", lease.quota());
      if (lease.epoch() != null) {
        json.writeStringField("epoch", lease.epoch());
      }
      LeaseJson.writeAmount(json, "granted", lease.granted());
      json.writeNumberField("expires_in", lease.expiresInMillis());
      json.writeNumberField("period_start", lease.periodStartMillis());
      json.writeNumberField("period_end", lease.periodEndMillis());
      if (lease.limit() != null) {
        LeaseJson.writeAmount(json, "limit", lease.limit());
      }
      LeaseJson.writeAmount(json, "used", lease.used());
      if (lease.refusal() != null) {
        json.writeStringField("refused", lease.refusal().name());
        json.writeNumberField("retry_in", lease.retryInMillis());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeRates(JsonGenerator json) throws IOException {
    if (rates.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("rates");
    for (RateShare rate : rates) {
      json.writeStartObject();
      json.writeStringField("key_id", rate.keyId());
      json.writeNumberField("share", rate.share());
      LeaseJson.writeAmount(json, "per_second", rate.perSecond());
      json.writeNumberField("burst", rate.burst());
      json.writeNumberField("expires_in", rate.expiresInMillis());
      if (rate.full()) {
        json.writeBooleanField("full", true);
      }
      if (rate.confirm()) {
        json.writeBooleanField("confirm", true);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static List<Lease> readLeases(JsonNode root) throws MalformedMessageException {
    List<Lease> leases = new ArrayList<>();
    for (JsonNode node : LeaseJson.list(root, "leases")) {
      leases.add(
          new Lease(
              LeaseJson.quota(node),
              LeaseJson.epoch(node),
              LeaseJson.amount(node, "granted"),
              LeaseJson.count(node, "expires_in", 0),
              LeaseJson.count(node, "period_start", 0),
              LeaseJson.count(node, "period_end", 0),
              node.hasNonNull("limit") ? LeaseJson.amount(node, "limit") : null,
              LeaseJson.amount(node, "used"),
              refusal(node),
              LeaseJson.count(node, "retry_in", 0)));
    }
    return leases;
  }

  private static @Nullable Refusal refusal(JsonNode node) throws MalformedMessageException {
    if (!node.hasNonNull("refused")) {
      return null;
    }
    return LeaseJson.code(node, "refused").equals("EXHAUSTED")
        ? Refusal.EXHAUSTED
        : Refusal.UNKNOWN;
  }

  private static List<RateShare> readRates(JsonNode root) throws MalformedMessageException {
    List<RateShare> rates = new ArrayList<>();
    for (JsonNode node : LeaseJson.list(root, "rates")) {
      rates.add(
          new RateShare(
              LeaseJson.keyId(node),
              LeaseJson.count(node, "share", 0),
              LeaseJson.amount(node, "per_second"),
              LeaseJson.count(node, "burst", 0),
              LeaseJson.count(node, "expires_in", 0),
              node.path("full").asBoolean(false),
              node.path("confirm").asBoolean(false)));
    }
    return rates;
  }
}
