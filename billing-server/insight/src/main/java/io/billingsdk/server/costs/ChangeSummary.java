package io.billingsdk.server.costs;

import io.billingsdk.costs.CostState;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.CostRow.CostAmount;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up changes of costs, page by page. For one thread. */
final class ChangeSummary {
  /** As many are changed in one transaction at most. */
  static final long MOST = 200_000;

  private static final int SHOWN = 100;
  private static final int FINGERPRINT_CHARS = 16;

  private final MessageDigest digest = sha256();
  private final List<CostChange> first = new ArrayList<>();
  private final SortedMap<String, BigDecimal> differences = new TreeMap<>();
  private long changed;
  private long unchanged;
  private long nowPriced;
  private long nowUnknown;

  /**
   * The sum.
   *
   * @param fingerprint of all changes: an approval names it
   * @param nowPriced costs that were unknown, and have a price now
   * @param nowUnknown costs that had a price, and are unknown now
   * @param differences by how much the sum of each currency changes
   * @param first the first 100 changes
   */
  record Summed(
      String fingerprint,
      long changed,
      long unchanged,
      long nowPriced,
      long nowUnknown,
      Map<String, BigDecimal> differences,
      List<CostChange> first) {}

  /** Whether a change makes something another amount; another version of prices alone does not. */
  static boolean isOther(CostChange change) {
    CostRow before = change.before();
    if (before == null) {
      return true;
    }
    CostAmount one = before.cost();
    CostAmount other = change.after().cost();
    return one.state() != other.state()
        || !Objects.equals(one.reason(), other.reason())
        || !Objects.equals(one.currency(), other.currency())
        || !isSame(one.amount(), other.amount());
  }

  private static boolean isSame(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.compareTo(other) == 0;
  }

  void addUnchanged(int count) {
    unchanged += count;
  }

  void add(List<CostChange> changes) {
    changes.forEach(this::add);
    if (changed + unchanged > MOST) {
      throw RequestRefusedException.invalid(
          "from, to", "a range with at most " + MOST + " costs, or name a service or a model");
    }
  }

  private void add(CostChange change) {
    CostRow before = Objects.requireNonNull(change.before(), "before");
    CostRow after = change.after();
    changed++;
    if (first.size() < SHOWN) {
      first.add(change);
    }
    nowPriced += isUnknown(before) && !isUnknown(after) ? 1 : 0;
    nowUnknown += !isUnknown(before) && isUnknown(after) ? 1 : 0;
    add(before.cost(), BigDecimal.ONE.negate());
    add(after.cost(), BigDecimal.ONE);
    String line =
        before.id() + " " + before.revision() + " " + text(before) + " -> " + text(after) + "\n";
    digest.update(line.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isUnknown(CostRow row) {
    return row.cost().state() == CostState.UNKNOWN;
  }

  private void add(CostAmount cost, BigDecimal sign) {
    BigDecimal amount = cost.amount();
    String currency = cost.currency();
    if (amount != null && currency != null) {
      differences.merge(currency, amount.multiply(sign), BigDecimal::add);
    }
  }

  private static String text(CostRow row) {
    CostAmount cost = row.cost();
    BigDecimal amount = cost.amount();
    return cost.state()
        + " "
        + (amount == null ? "-" : amount.stripTrailingZeros().toPlainString())
        + " "
        + cost.currency()
        + " "
        + cost.reason();
  }

  Summed end(String catalogue) {
    digest.update(catalogue.getBytes(StandardCharsets.UTF_8));
    String fingerprint = HexFormat.of().formatHex(digest.digest()).substring(0, FINGERPRINT_CHARS);
    return new Summed(
        fingerprint,
        changed,
        unchanged,
        nowPriced,
        nowUnknown,
        Collections.unmodifiableMap(differences),
        List.copyOf(first));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
