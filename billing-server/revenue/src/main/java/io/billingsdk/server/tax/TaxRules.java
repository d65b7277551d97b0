package io.billingsdk.server.tax;

import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.invoices.Taxation;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import io.billingsdk.server.tax.RateTable.RateRow;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.CustomerStatus;
import io.billingsdk.server.tax.TaxQuestion.Exemption;
import io.billingsdk.server.tax.TaxQuestion.IdStatus;
import io.billingsdk.server.tax.TaxQuestion.Registration;
import io.billingsdk.server.tax.TaxQuestion.Scheme;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tax a line has: a pure function of a question and a table of rates. The first rule
 * that fits decides, and its name stands in the document.
 */
final class TaxRules {
  /** Businesses of these countries account for services from abroad by themselves. */
  private static final Set<String> BUSINESSES_ACCOUNT = Set.of("GB", "NO");

  private final TaxQuestion question;
  private final CustomerStatus customer;
  private final RateTable rates;

  private TaxRules(TaxQuestion question, RateTable rates) {
    this.question = question;
    this.customer = question.customer();
    this.rates = rates;
  }

  /**
   * The tax.
   *
   * @throws RequestRefusedException when the table has no rate, or the place is not precise enough
   */
  static Taxation decide(TaxQuestion question, RateTable rates) {
    return new TaxRules(question, rates).decide();
  }

  private Taxation decide() {
    if (question.registrations().isEmpty()) {
      return Taxation.of(TaxRate.of("O", "0"));
    }
    @Nullable Exemption exemption = customer.exemption();
    if (exemption != null) {
      return free(
          exemption.category(), "exemption", exemption.code(), exemption.reason(), homeNumber());
    }
    if (customer.place().country().equals("US")) {
      return unitedStates();
    }
    if (isOfProvinces()) {
      return canada();
    }
    boolean isDomestic = customer.place().country().equals(question.seller().country());
    if (isDomestic && isUnion(customer.place()) == isUnion(question.seller())) {
      return local("domestic").orElseGet(() -> outside("not_registered"));
    }
    return isUnion(customer.place()) ? union() : abroad();
  }

  private Taxation unitedStates() {
    Place state = customer.place();
    Optional<Registration> there = question.registration(Scheme.SALES_TAX, state);
    boolean isUnclear =
        state.region() == null && question.registration(Scheme.SALES_TAX).isPresent();
    if (isUnclear) {
      throw RequestRefusedException.conflict(
          "taxPlace.region",
          "the customer is in the United States, but its state is not known: set the region of its"
              + " tax place, as NY");
    }
    if (there.isPresent()) {
      return charged("us_state", state, there.get());
    }
    return customer.supply() == Supply.GOODS && isUnion(question.seller())
        ? export()
        : outside("us_no_nexus");
  }

  /** Whether the seller is registered for the taxes of a province of the customer's country. */
  private boolean isOfProvinces() {
    return customer.place().country().equals("CA")
        && question.registrations().stream().anyMatch(TaxRules::isProvince);
  }

  private static boolean isProvince(Registration registration) {
    return registration.scheme() == Scheme.SALES_TAX && registration.place().country().equals("CA");
  }

  /** The federal tax is due in each province, so one without a registration is no answer. */
  private Taxation canada() {
    Place province = customer.place();
    String region = province.region();
    if (region == null || !Countries.isProvince(region)) {
      throw RequestRefusedException.conflict(
          "taxPlace.region",
          "the customer is in Canada, but its province is not known: set the region of its tax"
              + " place, as BC");
    }
    return question
        .registration(Scheme.SALES_TAX, province)
        .map(each -> charged("ca_province", province, each))
        .orElseThrow(
            () ->
                RequestRefusedException.conflict(
                    "registration",
                    "the seller is registered for other provinces of Canada, but not for "
                        + province.text()
                        + ", where the customer is; register it: billing tax register SELLER"
                        + " --scheme sales_tax --country CA --region "
                        + region));
  }

  /** A customer in the EU who is not in the seller's country. */
  private Taxation union() {
    boolean isEuropean = isUnion(question.seller());
    Optional<Registration> european =
        question.registrations().stream()
            .filter(each -> each.scheme() == Scheme.VAT && isUnion(each.place()))
            .findFirst();
    if (customer.isBusiness() && european.isPresent()) {
      return isEuropean && customer.supply() == Supply.GOODS
          ? free("K", "eu_goods", "VATEX-EU-IC", "Intra-Community supply", european.get())
          : free("AE", "eu_reverse_charge", "VATEX-EU-AE", "Reverse charge", european.get());
    }
    if (customer.isBusiness()) {
      return outside("business_abroad");
    }
    Optional<Registration> shop = question.registration(Scheme.OSS);
    return local("local_registration")
        .or(() -> shop.map(each -> charged("oss", country(customer.place()), each)))
        .or(() -> isEuropean ? home() : Optional.empty())
        .orElseGet(() -> outside("not_registered"));
  }

  /** Below the threshold of the one-stop shop, consumers pay the tax of the seller's country. */
  private Optional<Taxation> home() {
    return question
        .registration(Scheme.VAT, country(question.seller()))
        .map(each -> charged("eu_home_rate", country(question.seller()), each));
  }

  /** A customer outside of the EU, in another country than the seller. */
  private Taxation abroad() {
    boolean isGoods = customer.supply() == Supply.GOODS;
    if (!isGoods
        && customer.isBusiness()
        && BUSINESSES_ACCOUNT.contains(customer.place().country())) {
      return outside("business_abroad");
    }
    Optional<Taxation> local = local("local_registration");
    if (local.isPresent()) {
      return local.get();
    }
    return isGoods && isUnion(question.seller()) ? export() : outside("abroad");
  }

  private Taxation export() {
    return free("G", "export", "VATEX-EU-G", "Export outside the EU", homeNumber());
  }

  private Optional<Taxation> local(String rule) {
    Place country = country(customer.place());
    boolean isLeftOut = !isUnion(customer.place()) && Countries.isInUnion(country, question.day());
    return isLeftOut
        ? Optional.empty()
        : question.registration(Scheme.VAT, country).map(each -> charged(rule, country, each));
  }

  private @Nullable Registration homeNumber() {
    return question
        .registration(Scheme.VAT, country(question.seller()))
        .or(() -> question.registrations().stream().findFirst())
        .orElse(null);
  }

  private boolean isUnion(Place place) {
    return Countries.isInUnion(place, question.day());
  }

  private static Place country(Place place) {
    return new Place(place.country(), null);
  }

  private Taxation charged(String rule, Place place, Registration registration) {
    RateRow row = rates.require(place, question.day());
    String category = row.percent().signum() == 0 ? "Z" : "S";
    String source = "edition " + rates.edition() + ", row " + row.number() + ": " + row.source();
    return new Taxation(
        new TaxRate(category, row.percent(), row.components()),
        grounds(place, rule, source, null, null, registration.number()));
  }

  private Taxation outside(String rule) {
    return free("O", rule, "VATEX-EU-O", "Not subject to VAT", null);
  }

  private Taxation free(
      String category,
      String rule,
      @Nullable String code,
      String reason,
      @Nullable Registration registration) {
    return new Taxation(
        TaxRate.of(category, "0"),
        grounds(
            customer.place(),
            rule,
            null,
            code,
            reason,
            registration == null ? null : registration.number()));
  }

  private TaxGrounds grounds(
      Place place,
      String rule,
      @Nullable String source,
      @Nullable String code,
      @Nullable String reason,
      @Nullable String sellerTaxId) {
    @Nullable TaxNumber id = customer.id();
    boolean hasStatus = customer.idStatus() != IdStatus.NONE;
    return new TaxGrounds(
        question.day(),
        place.country(),
        place.region(),
        rule,
        source,
        code,
        reason,
        sellerTaxId,
        id == null ? null : id.text(),
        hasStatus ? customer.idStatus().text() : null);
  }
}
