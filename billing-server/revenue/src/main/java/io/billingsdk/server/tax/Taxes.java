package io.billingsdk.server.tax;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.TaxCalculator;
import io.billingsdk.server.invoices.Taxation;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.Exemption;
import io.billingsdk.server.tax.TaxQuestion.IdStatus;
import io.billingsdk.server.tax.TaxQuestion.Registration;
import io.billingsdk.server.tax.TaxQuestion.Scheme;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The registrations of sellers and the tax data of customers: all rules of them. Thread-safe. */
final class Taxes {
  /** Codes of EN 16931 for why no tax is charged. */
  private static final Pattern CODE = Pattern.compile("VATEX-[A-Z]{2}(-[0-9A-Z]{1,12}){1,4}");

  private static final int NUMBER_CHARS = 64;
  static final int REASON_CHARS = 256;

  private final Database database;
  private final Actor actor;
  private final TaxCalculator calculator;
  private final boolean isAsking;

  /**
   * In a database.
   *
   * @param isAsking whether somebody asks an office about tax ids
   */
  Taxes(Database database, Actor actor, TaxCalculator calculator, boolean isAsking) {
    this.database = database;
    this.actor = actor;
    this.calculator = calculator;
    this.isAsking = isAsking;
  }

  /** Registers a seller for a tax. */
  SellerRegistration register(
      String seller, Registration wanted, LocalDate from, @Nullable LocalDate to) {
    check(wanted);
    if (to != null && to.isBefore(from)) {
      throw RequestRefusedException.invalid("validTo", "no day before validFrom " + from);
    }
    return database.inTransaction(
        handle -> {
          TaxLock.take(handle);
          new Sellers(database.within(handle), actor).require(seller);
          SellerRegistration made =
              new SellerRegistration(UUID.randomUUID(), seller, wanted, from, to);
          RegistrationRows.of(handle, seller, /* isToChange= */ true).stream()
              .filter(made::overlaps)
              .findFirst()
              .ifPresent(Taxes::refuse);
          RegistrationRows.add(handle, made);
          AuditLog.write(handle, actor, "tax.register", seller, null, shown(made));
          return made;
        });
  }

  private static void refuse(SellerRegistration there) {
    throw RequestRefusedException.conflict(
        "validFrom",
        "the seller is registered for "
            + there.registration().scheme().text()
            + " of "
            + there.registration().place().text()
            + " from "
            + there.from()
            + " to "
            + (there.to() == null ? "now" : there.to())
            + " already; end that registration first");
  }

  private static void check(Registration wanted) {
    Place place = wanted.place();
    if (wanted.number().isBlank() || wanted.number().length() > NUMBER_CHARS) {
      throw RequestRefusedException.invalid("number", "1 to " + NUMBER_CHARS + " characters");
    }
    if (wanted.scheme() == Scheme.SALES_TAX) {
      if (!isStateOrProvince(place)) {
        throw RequestRefusedException.invalid(
            "region",
            "a state of the United States or a province of Canada, with the country US or CA, for"
                + " sales_tax");
      }
      return;
    }
    if (place.region() != null) {
      throw RequestRefusedException.invalid(
          "region", "absent: " + wanted.scheme().text() + " is of a country");
    }
    if (wanted.scheme() == Scheme.VAT && NumberRules.hasCountry(place.country())) {
      TaxNumber number = TaxNumber.parse("number", wanted.number());
      if (!number.country().equals(place.country())) {
        throw RequestRefusedException.invalid("number", "a tax id of " + place.country());
      }
    }
  }

  private static boolean isStateOrProvince(Place place) {
    String region = place.region();
    return region != null
        && switch (place.country()) {
          case "US" -> Countries.isState(region);
          case "CA" -> Countries.isProvince(region);
          default -> false;
        };
  }

  /** Ends a registration with a day. */
  SellerRegistration end(String seller, UUID id, LocalDate last) {
    return database.inTransaction(
        handle -> {
          SellerRegistration old =
              RegistrationRows.of(handle, seller, /* isToChange= */ true).stream()
                  .filter(each -> each.id().equals(id))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          RequestRefusedException.notFound(
                              "registrationId", "the seller has no registration " + id));
          if (old.to() != null || last.isBefore(old.from())) {
            throw RequestRefusedException.conflict(
                "lastDay",
                "the registration began on "
                    + old.from()
                    + (old.to() == null
                        ? ", so it cannot end before that day"
                        : " and has ended on " + old.to()));
          }
          RegistrationRows.end(handle, id, last);
          SellerRegistration ended =
              new SellerRegistration(id, seller, old.registration(), old.from(), last);
          AuditLog.write(handle, actor, "tax.end", seller, shown(old), shown(ended));
          return ended;
        });
  }

  List<SellerRegistration> registrations(String seller) {
    return database.read(
        handle -> {
          new Sellers(database.within(handle), actor).require(seller);
          return RegistrationRows.of(handle, seller, /* isToChange= */ false);
        });
  }

  /** Sets what a customer is for taxes from a day on; documents that are issued keep theirs. */
  CustomerTax set(String customer, CustomerTax wanted) {
    CustomerTax checked = checked(wanted);
    return database.inTransaction(
        handle -> {
          new Customers(database.within(handle), actor).require(customer);
          CustomerTaxRows.add(handle, customer, checked, actor.name());
          if (isAsking && checked.taxId() != null) {
            TaxIdRows.ask(handle, checked.taxId());
          }
          AuditLog.write(handle, actor, "tax.customer", customer, null, shown(checked));
          return checked;
        });
  }

  private static CustomerTax checked(CustomerTax wanted) {
    @Nullable Exemption exemption = wanted.exemption();
    if (exemption != null) {
      if (!exemption.category().equals("E") && !exemption.category().equals("Z")) {
        throw RequestRefusedException.invalid("exemption.category", "E (exempt) or Z (zero rate)");
      }
      if (exemption.code() != null && !CODE.matcher(exemption.code()).matches()) {
        throw RequestRefusedException.invalid(
            "exemption.code", "a code of the list VATEX, as VATEX-EU-151");
      }
      if (wanted.exemptUntil() != null && wanted.exemptUntil().isBefore(wanted.from())) {
        throw RequestRefusedException.invalid(
            "exemption.until", "no day before validFrom " + wanted.from());
      }
    }
    if (wanted.taxId() == null) {
      return wanted;
    }
    TaxNumber number = TaxNumber.parse("taxId", wanted.taxId());
    if (!number.country().equals(wanted.place().country())) {
      throw RequestRefusedException.invalid(
          "taxId", "one of the customer's country " + wanted.place().country());
    }
    return new CustomerTax(
        wanted.from(),
        wanted.place(),
        number.text(),
        wanted.supply(),
        exemption,
        wanted.exemptUntil());
  }

  List<CustomerTax> ofCustomer(String customer) {
    return database.read(
        handle -> {
          new Customers(database.within(handle), actor).require(customer);
          return CustomerTaxRows.of(handle, customer);
        });
  }

  IdStatus status(String taxId) {
    return database.read(handle -> TaxIdRows.status(handle, taxId));
  }

  /** Which tax a customer has on a day, and why. */
  Taxation explain(String customer, LocalDate day) {
    return database.read(
        handle -> {
          Database here = database.within(handle);
          Customer who = new Customers(here, actor).require(customer);
          if (who.seller() == null) {
            throw RequestRefusedException.conflict(
                "sellerId",
                "the customer " + customer + " has no seller: set sellerId of the customer");
          }
          Seller seller = new Sellers(here, actor).require(who.seller());
          return calculator.within(here).taxation(seller, who, day);
        });
  }

  private static Map<String, @Nullable Object> shown(SellerRegistration registration) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("registrationId", registration.id().toString());
    shown.put("scheme", registration.registration().scheme().text());
    shown.put("place", registration.registration().place().text());
    shown.put("number", registration.registration().number());
    shown.put("validFrom", registration.from().toString());
    shown.put("validTo", registration.to() == null ? null : registration.to().toString());
    return shown;
  }

  private static Map<String, @Nullable Object> shown(CustomerTax tax) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("validFrom", tax.from().toString());
    shown.put("place", tax.place().text());
    shown.put("taxId", tax.taxId());
    shown.put("supply", tax.supply().text());
    shown.put("exemption", tax.exemption() == null ? null : tax.exemption().toString());
    return shown;
  }
}
