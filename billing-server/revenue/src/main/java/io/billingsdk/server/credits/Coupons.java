package io.billingsdk.server.credits;

import io.billingsdk.rating.Discount;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Coupons, and which customers have them. Thread-safe. */
public final class Coupons {
  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Coupons(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * A reduction that customers can be given. It never changes.
   *
   * @param id 1 to 64 of A-Z a-z 0-9 _ . -
   * @param discount a share, or an amount of one currency
   * @param invoices on how many invoices it counts; null: on each
   * @param validFrom it counts on an invoice whose billed time ends then or later
   * @param validTo and before this; null for no end
   */
  public record NewCoupon(
      String id,
      String name,
      Discount discount,
      @Nullable Integer invoices,
      @Nullable Instant validFrom,
      @Nullable Instant validTo) {}

  /** A coupon as its row has it. */
  record StoredCoupon(
      String id,
      String name,
      Discount discount,
      @Nullable Integer invoices,
      Instant validFrom,
      @Nullable Instant validTo,
      Instant createdAt) {}

  /**
   * That a customer has a coupon.
   *
   * @param subscription for this one alone; null for all
   * @param uses on how many invoices it has counted
   */
  record Gift(
      UUID id,
      long position,
      String coupon,
      String customer,
      @Nullable UUID subscription,
      @Nullable Integer invoices,
      int uses,
      Instant givenAt,
      @Nullable Instant endedAt) {}

  /** Makes a coupon. */
  public void create(NewCoupon wanted) {
    CreditFields.id("couponId", wanted.id());
    CreditFields.text("name", wanted.name());
    if (wanted.discount() instanceof Discount.Percent share) {
      CreditFields.percent(share.percent());
    } else if (wanted.discount() instanceof Discount.Amount flat) {
      CreditFields.amount("amount", flat.amount().currency(), flat.amount().amount());
    }
    Integer invoices = wanted.invoices();
    CreditFields.require(
        invoices == null || invoices > 0, "invoices", "1 or more, or absent for each invoice");
    Instant now = Instant.now();
    CreditFields.later("validTo", wanted.validTo(), now);
    Instant from = wanted.validFrom() == null ? now : wanted.validFrom();
    CreditFields.later("validTo", wanted.validTo(), from);
    database.useTransaction(
        handle -> {
          if (!CouponRows.add(handle, wanted, from, actor.name())) {
            throw RequestRefusedException.conflict(
                "couponId", "there is a coupon " + wanted.id() + " already; choose another id");
          }
          Map<String, @Nullable Object> shown = new LinkedHashMap<>();
          shown.put("name", wanted.name());
          shown.put("discount", wanted.discount().toString());
          shown.put("invoices", invoices);
          AuditLog.write(handle, actor, "coupon.create", wanted.id(), null, shown);
        });
  }

  StoredCoupon require(String id) {
    return database
        .read(handle -> CouponRows.find(handle, id))
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "couponId", "there is no coupon " + id + "; create it first"));
  }

  List<StoredCoupon> after(String after, int most) {
    return database.read(handle -> CouponRows.after(handle, after, most));
  }

  /**
   * Gives a coupon to a customer.
   *
   * @param subscription it counts on invoices of this one alone; null for all
   * @return the id of the gift
   */
  public UUID give(String coupon, String customer, @Nullable UUID subscription) {
    StoredCoupon given = require(coupon);
    return database.inTransaction(
        handle -> {
          Database here = database.within(handle);
          Customer holder = new Customers(here, actor).require(customer);
          if (given.discount() instanceof Discount.Amount flat) {
            CreditFields.sameCurrency("couponId", flat.amount().currency(), holder.currency());
          }
          requireOwn(here, customer, subscription);
          Instant now = new CustomerClocks(here).now(customer);
          if (given.validTo() != null && !given.validTo().isAfter(now)) {
            throw RequestRefusedException.conflict(
                "couponId", "the coupon " + coupon + " was valid until " + given.validTo());
          }
          return give(handle, given, customer, subscription, now);
        });
  }

  private UUID give(
      Handle handle,
      StoredCoupon given,
      String customer,
      @Nullable UUID subscription,
      Instant now) {
    UUID id = UUID.randomUUID();
    Gift gift = new Gift(id, 0, given.id(), customer, subscription, given.invoices(), 0, now, null);
    if (!CouponRows.give(handle, gift, actor.name())) {
      throw RequestRefusedException.conflict(
          "couponId", "the customer " + customer + " has the coupon " + given.id() + " already");
    }
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("couponId", given.id());
    shown.put("subscriptionId", subscription == null ? null : subscription.toString());
    AuditLog.write(handle, actor, "coupon.give", customer, null, shown);
    return id;
  }

  private void requireOwn(Database here, String customer, @Nullable UUID subscription) {
    if (subscription == null) {
      return;
    }
    List<Subscription> own = new Subscriptions(here, actor, List.of()).of(customer);
    if (own.stream().noneMatch(each -> each.id().equals(subscription))) {
      throw RequestRefusedException.notFound(
          "subscriptionId",
          "the customer " + customer + " has no subscription " + subscription + "; name its own");
    }
  }

  /** Ends a gift: the coupon counts on no further invoice of the customer. */
  public void take(String customer, UUID id) {
    database.useTransaction(
        handle -> {
          Gift gift = requireGift(handle, customer, id);
          Credits.lock(handle, customer);
          CouponRows.end(handle, id, new CustomerClocks(database.within(handle)).now(customer));
          Map<String, Object> shown = Map.of("couponId", gift.coupon(), "giftId", id.toString());
          AuditLog.write(handle, actor, "coupon.take", customer, shown, null);
        });
  }

  Gift gift(String customer, UUID id) {
    return database.read(handle -> requireGift(handle, customer, id));
  }

  List<Gift> of(String customer, long after, int most) {
    new Customers(database, actor).require(customer);
    return database.read(handle -> CouponRows.of(handle, customer, after, most));
  }

  private static Gift requireGift(Handle handle, String customer, UUID id) {
    return CouponRows.gift(handle, id)
        .filter(each -> each.customer().equals(customer))
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "giftId", "the customer " + customer + " has no coupon with the gift " + id));
  }
}
