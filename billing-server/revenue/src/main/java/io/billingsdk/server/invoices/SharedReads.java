package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.customers.BillingSettingsBook;
import io.billingsdk.server.customers.SellerSettings;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.KnownPlans;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the bills of a page have in common, read once: sellers, plans, meters, and the tables of
 * taxes. It lives as long as the page: a change counts from the next one on. Each bill pins what it
 * used. Thread-safe.
 */
final class SharedReads {
  private static final Actor READER = new Actor("invoices");

  private final KnownPlans plans = new KnownPlans();
  private final Map<String, BillingSeller> sellers = new ConcurrentHashMap<>();
  private final MeterReader meters;
  private final TaxCalculator taxes;

  SharedReads(Database database, TaxCalculator taxes) {
    this.meters = new MeterReader(database);
    this.taxes = taxes.remembering();
  }

  /** A seller with its settings. */
  record BillingSeller(Seller seller, SellerSettings settings) {}

  BillingSeller seller(Database here, String id) {
    BillingSeller known = sellers.get(id);
    if (known == null) {
      // Not within the map: others would wait there for the database.
      Seller seller = new Sellers(here, READER).require(id);
      known =
          new BillingSeller(seller, new BillingSettingsBook(here, READER).ofSeller(id).settings());
      sellers.put(id, known);
    }
    return known;
  }

  Subscriptions subscriptions(Database here) {
    return Subscriptions.sharing(here, READER, plans);
  }

  MeterReader meters(Database here) {
    return meters.within(here);
  }

  TaxCalculator taxes(Database here) {
    return taxes.within(here);
  }
}
