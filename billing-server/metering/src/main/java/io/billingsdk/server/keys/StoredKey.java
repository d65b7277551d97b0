package io.billingsdk.server.keys;

import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One API key as the server keeps it, without the key itself. The feed turns it into the message
 * that SDKs know. Immutable; the text of it names no hash.
 *
 * @param keyId its name, safe to print
 * @param keySha256 SHA-256 of the key, 64 hexadecimal digits
 * @param appId the application that it belongs to
 * @param reason the operator's, for a block; null for none
 * @param version only grows: of two records of a key the one with the higher version counts
 * @param expiresAtMillis from then on it is not valid; null for never
 * @param models names, or beginnings of names followed by {@code *}; empty for all
 * @param rate null for any
 * @param causes of a block that stand; a key with {@link BlockCause#QUOTA} alone is not blocked
 * @param plan what the plan of its customer allows it beside its own terms; null without a plan
 * @param lowered a rate that it has for a while; null for none
 */
public record StoredKey(
    String keyId,
    String keySha256,
    String appId,
    KeyStatus status,
    @Nullable String reason,
    long version,
    @Nullable Long expiresAtMillis,
    List<String> models,
    @Nullable Rate rate,
    List<Quota> quotas,
    List<BlockCause> causes,
    @Nullable PlanTerms plan,
    @Nullable LoweredRate lowered) {

  /** The lists are copied. */
  public StoredKey {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
    causes = List.copyOf(causes);
  }

  /** One that nothing else blocks than its status says. */
  public StoredKey(
      String keyId,
      String keySha256,
      String appId,
      KeyStatus status,
      @Nullable String reason,
      long version,
      @Nullable Long expiresAtMillis,
      List<String> models,
      @Nullable Rate rate,
      List<Quota> quotas) {
    this(
        keyId,
        keySha256,
        appId,
        status,
        reason,
        version,
        expiresAtMillis,
        models,
        rate,
        quotas,
        status == KeyStatus.BLOCKED ? List.of(BlockCause.OPERATOR) : List.of(),
        null,
        null);
  }

  /** The models that its own terms and its plan allow; empty for all. */
  public List<String> allowedModels() {
    return plan == null ? models : plan.tighterModels(models);
  }

  /** The lowest of its own rate, that of its plan, and a lowered one; null for any. */
  public @Nullable Rate allowedRate() {
    Rate usual = plan == null ? rate : plan.tighterRate(rate);
    return lowered == null ? usual : Rate.tighter(usual, lowered.rate());
  }

  /** The quotas of its plan; its own are beside them. */
  public List<PlanTerms.PlanQuota> planQuotas() {
    return plan == null ? List.of() : plan.quotas();
  }

  /** Whether a key may be used. */
  public enum KeyStatus {
    /** It may, until it expires. */
    OK,
    /** A cause other than a quota blocks it. */
    BLOCKED,
    /** It is no more. Its record stays, so that an older one does not revive it. */
    REMOVED
  }

  @Override
  public String toString() {
    return "StoredKey[keyId=" + keyId + ", status=" + status + ", version=" + version + "]";
  }
}
