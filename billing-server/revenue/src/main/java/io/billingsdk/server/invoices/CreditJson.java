package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.credits.CreditRollover;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.CreditState.GivenCoupon;
import io.billingsdk.server.credits.CreditState.UsableCredit;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Deductions.Allowed;
import io.billingsdk.server.invoices.Deductions.Paid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Coupons and credits in documents and in pinned inputs. */
final class CreditJson {
  private CreditJson() {}

  /** The state before a document. */
  static ObjectNode state(CreditState state) {
    ObjectNode node = CanonicalJson.object();
    ArrayNode coupons = node.putArray("coupons");
    for (GivenCoupon each : state.coupons()) {
      ObjectNode coupon = coupons.addObject();
      coupon(coupon, each).put("usedBefore", each.usedBefore());
    }
    ArrayNode credits = node.putArray("credits");
    for (UsableCredit each : state.credits()) {
      ObjectNode credit =
          credits
              .addObject()
              .put("creditId", each.id().toString())
              .put("position", each.position())
              .put("kind", each.kind().text())
              .put("remaining", DetailJson.amount(each.remaining()))
              .put("currency", each.remaining().currency())
              .put("priority", each.priority())
              .put("grantedAt", each.grantedAt().toString());
      if (each.expiresAt() != null) {
        credit.put("expiresAt", each.expiresAt().toString());
      }
      if (each.rollover() != null) {
        rollover(credit.putObject("rollover"), each.rollover());
      }
    }
    return node;
  }

  /** What {@link #state(CreditState)} wrote; none of a missing node. */
  static CreditState state(JsonNode node) {
    List<GivenCoupon> coupons = new ArrayList<>();
    node.path("coupons").forEach(each -> coupons.add(coupon(each)));
    List<UsableCredit> credits = new ArrayList<>();
    node.path("credits").forEach(each -> credits.add(credit(each)));
    return new CreditState(coupons, credits);
  }

  private static void rollover(ObjectNode node, CreditRollover rollover) {
    node.put("least", DetailJson.amount(rollover.least()))
        .put("most", DetailJson.amount(rollover.most()))
        .put("keepOverage", rollover.keepsOverage());
  }

  private static @Nullable CreditRollover rollover(@Nullable JsonNode node, String currency) {
    return node == null
        ? null
        : new CreditRollover(
            Money.of(currency, node.get("least").textValue()),
            Money.of(currency, node.get("most").textValue()),
            node.get("keepOverage").booleanValue());
  }

  private static ObjectNode coupon(ObjectNode node, GivenCoupon coupon) {
    node.put("giftId", coupon.gift().toString()).put("couponId", coupon.coupon());
    if (coupon.discount() instanceof Discount.Percent share) {
      return node.put("percent", share.percent().toPlainString());
    }
    Money flat = ((Discount.Amount) coupon.discount()).amount();
    return node.put("upTo", DetailJson.amount(flat)).put("currency", flat.currency());
  }

  private static GivenCoupon coupon(JsonNode node) {
    Discount discount =
        node.has("percent")
            ? Discount.percent(node.get("percent").textValue())
            : Discount.amount(
                Money.of(node.get("currency").textValue(), node.get("upTo").textValue()));
    return new GivenCoupon(
        UUID.fromString(node.get("giftId").textValue()),
        node.get("couponId").textValue(),
        discount,
        node.get("usedBefore").intValue());
  }

  private static UsableCredit credit(JsonNode node) {
    @Nullable JsonNode expiry = node.get("expiresAt");
    return new UsableCredit(
        UUID.fromString(node.get("creditId").textValue()),
        node.get("position").longValue(),
        CreditKind.of(node.get("kind").textValue()),
        Money.of(node.get("currency").textValue(), node.get("remaining").textValue()),
        node.get("priority").intValue(),
        Instant.parse(node.get("grantedAt").textValue()),
        expiry == null ? null : Instant.parse(expiry.textValue()),
        rollover(node.get("rollover"), node.get("currency").textValue()));
  }

  /** The allowances of a document, each with its part of each tax. */
  static void allowances(ArrayNode array, Paper paper) {
    for (Allowed each : paper.deductions().allowances()) {
      ObjectNode node = array.addObject();
      if (each.coupon() != null) {
        node.put("kind", "coupon");
        coupon(node, each.coupon()).put("use", each.coupon().usedBefore() + 1);
      } else if (each.credit() != null) {
        node.put("kind", "promotional_credit").put("creditId", each.credit().id().toString());
      }
      node.put("amount", DetailJson.amount(each.allowance().amount()));
      ArrayNode taxes = node.putArray("taxes");
      parts(paper, each)
          .forEach(
              (rate, amount) ->
                  TaxRateJson.write(taxes.addObject(), rate)
                      .put("amount", DetailJson.amount(amount)));
    }
  }

  private static Map<TaxRate, Money> parts(Paper paper, Allowed allowed) {
    Map<TaxRate, Money> parts = new LinkedHashMap<>();
    for (int i = 0; i < paper.lines().size(); i++) {
      Money part = allowed.allowance().parts().get(i);
      if (part.signum() > 0) {
        parts.merge(paper.lines().get(i).tax(), part, Money::plus);
      }
    }
    return parts;
  }

  /** The credits that pay a document. */
  static void payments(ArrayNode array, List<Paid> payments) {
    for (Paid each : payments) {
      ObjectNode node =
          array
              .addObject()
              .put("kind", each.credit().kind().text() + "_credit")
              .put("creditId", each.credit().id().toString())
              .put("amount", DetailJson.amount(each.amount()));
      if (each.isAfterReset()) {
        node.put("afterReset", true);
      }
    }
  }
}
