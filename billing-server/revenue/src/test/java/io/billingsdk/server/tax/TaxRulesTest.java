package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.invoices.Taxation;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.CustomerStatus;
import io.billingsdk.server.tax.TaxQuestion.Exemption;
import io.billingsdk.server.tax.TaxQuestion.IdStatus;
import io.billingsdk.server.tax.TaxQuestion.Registration;
import io.billingsdk.server.tax.TaxQuestion.Scheme;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who pays which tax, rule by rule. */
class TaxRulesTest {
  private static final RateTable RATES = RateFile.shipped();

  /**
   * Columns: seller, its registrations, customer, its tax id or its status, supply, day; category,
   * rate, rule.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FR | VAT:FR         | FR    |                | DIGITAL | 2026-03-31 | S  | 20   | domestic
          FR | VAT:FR         | FR    | FR40303265045  | DIGITAL | 2026-03-31 | S  | 20   | domestic
          FR | VAT:FR         | MC    |                | DIGITAL | 2026-03-31 | S  | 20   | domestic
          FR | VAT:FR         | IT    | IT00743110157  | DIGITAL | 2026-03-31 | AE | 0    | eu_reverse_charge
          FR | VAT:FR         | IT    | IT00743110157  | GOODS   | 2026-03-31 | K  | 0    | eu_goods
          FR | VAT:FR OSS:FR  | IT    |                | DIGITAL | 2026-03-31 | S  | 22   | oss
          FR | VAT:FR OSS:FR  | IT    | MALFORMED      | DIGITAL | 2026-03-31 | S  | 22   | oss
          FR | VAT:FR OSS:FR  | IT    | DE136695976    | DIGITAL | 2026-03-31 | S  | 22   | oss
          FR | VAT:FR         | IT    |                | DIGITAL | 2026-03-31 | S  | 20   | eu_home_rate
          FR | VAT:FR VAT:IT  | IT    |                | DIGITAL | 2026-03-31 | S  | 22   | local_registration
          FR | VAT:FR         | US    |                | DIGITAL | 2026-03-31 | O  | 0    | us_no_nexus
          FR | VAT:FR         | US-NY |                | GOODS   | 2026-03-31 | G  | 0    | export
          FR | VAT:FR         | JP    |                | DIGITAL | 2026-03-31 | O  | 0    | abroad
          FR | VAT:FR         | JP    |                | GOODS   | 2026-03-31 | G  | 0    | export
          FR | VAT:FR         | GB    |                | DIGITAL | 2020-12-31 | S  | 20   | eu_home_rate
          FR | VAT:FR         | GB    |                | DIGITAL | 2021-01-01 | O  | 0    | abroad
          FR | VAT:FR VAT:GB  | GB    |                | DIGITAL | 2026-03-31 | S  | 20   | local_registration
          FR | VAT:FR VAT:GB  | GB    | GB980780684    | DIGITAL | 2026-03-31 | O  | 0    | business_abroad
          FR | VAT:FR VAT:CH  | CH    | CHE107787577   | DIGITAL | 2026-03-31 | S  | 8.1  | local_registration
          FR | VAT:FR VAT:NO  | NO    |                | DIGITAL | 2026-03-31 | S  | 25   | local_registration
          FR | VAT:FR VAT:NO  | NO    | NO995525828MVA | DIGITAL | 2026-03-31 | O  | 0    | business_abroad
          ES | VAT:ES         | ES    |                | DIGITAL | 2026-03-31 | S  | 21   | domestic
          ES | VAT:ES         | ES-CN |                | DIGITAL | 2026-03-31 | O  | 0    | abroad
          FR | VAT:FR OSS:FR  | FI-01 |                | DIGITAL | 2026-03-31 | O  | 0    | abroad
          GB | VAT:GB         | GB    |                | DIGITAL | 2026-03-31 | S  | 20   | domestic
          GB | VAT:GB         | DE    |                | DIGITAL | 2026-03-31 | O  | 0    | not_registered
          GB | VAT:GB OSS:IE  | DE    |                | DIGITAL | 2026-03-31 | S  | 19   | oss
          GB | VAT:GB         | DE    | DE136695976    | DIGITAL | 2026-03-31 | O  | 0    | business_abroad
          CH | VAT:CH         | CH    |                | DIGITAL | 2023-12-31 | S  | 7.7  | domestic
          CH | VAT:CH         | CH    |                | DIGITAL | 2024-01-01 | S  | 8.1  | domestic
          NO | VAT:NO         | NO    |                | SERVICE | 2026-03-31 | S  | 25   | domestic
          US | SALES_TAX:US-NY | US-NY |               | DIGITAL | 2026-03-31 | S  | 4    | us_state
          CA | SALES_TAX:CA-BC | CA-BC |               | DIGITAL | 2026-03-31 | S  | 12   | ca_province
          FR | VAT:FR SALES_TAX:CA-BC | CA-BC |        | GOODS   | 2026-03-31 | S  | 12   | ca_province
          FR | VAT:FR         | CA-BC |                | DIGITAL | 2026-03-31 | O  | 0    | abroad
          US | SALES_TAX:US-NY | US-WA |               | DIGITAL | 2026-03-31 | O  | 0    | us_no_nexus
          US | SALES_TAX:US-NY | DE    |               | DIGITAL | 2026-03-31 | O  | 0    | not_registered
          DE | VAT:DE         | DE    |                | DIGITAL | 2020-06-30 | S  | 19   | domestic
          DE | VAT:DE         | DE    |                | DIGITAL | 2020-07-01 | S  | 16   | domestic
          DE | VAT:DE         | DE    |                | DIGITAL | 2020-12-31 | S  | 16   | domestic
          DE | VAT:DE         | DE    |                | DIGITAL | 2021-01-01 | S  | 19   | domestic
          DE | VAT:DE OSS:DE  | EE    |                | DIGITAL | 2023-12-31 | S  | 20   | oss
          DE | VAT:DE OSS:DE  | EE    |                | DIGITAL | 2024-01-01 | S  | 22   | oss
          DE | VAT:DE OSS:DE  | EE    |                | DIGITAL | 2025-07-01 | S  | 24   | oss
          DE | VAT:DE OSS:DE  | FI    |                | DIGITAL | 2024-08-31 | S  | 24   | oss
          DE | VAT:DE OSS:DE  | FI    |                | DIGITAL | 2024-09-01 | S  | 25.5 | oss
          DE | VAT:DE OSS:DE  | LU    |                | DIGITAL | 2023-06-30 | S  | 16   | oss
          DE | VAT:DE OSS:DE  | LU    |                | DIGITAL | 2024-01-01 | S  | 17   | oss
          DE | VAT:DE OSS:DE  | RO    |                | DIGITAL | 2025-07-31 | S  | 19   | oss
          DE | VAT:DE OSS:DE  | RO    |                | DIGITAL | 2025-08-01 | S  | 21   | oss
          DE | VAT:DE OSS:DE  | SK    |                | DIGITAL | 2024-12-31 | S  | 20   | oss
          DE | VAT:DE OSS:DE  | SK    |                | DIGITAL | 2025-01-01 | S  | 23   | oss
          """)
  void decide_byPlacesRegistrationsAndTaxId_followsTheRules(
      String seller,
      String registrations,
      String customer,
      @Nullable String id,
      Supply supply,
      LocalDate day,
      String category,
      String percent,
      String rule) {
    CustomerStatus status =
        "MALFORMED".equals(id)
            ? new CustomerStatus(place(customer), null, IdStatus.MALFORMED, supply, null)
            : customer(customer, id, supply, null);
    Taxation decided =
        TaxRules.decide(
            new TaxQuestion(place(seller), registrations(registrations), status, day), RATES);
    assertThat(decided.rate().category()).isEqualTo(category);
    assertThat(decided.rate().percent()).isEqualByComparingTo(percent);
    TaxGrounds grounds = Objects.requireNonNull(decided.grounds(), "grounds");
    assertThat(grounds.rule()).isEqualTo(rule);
    assertThat(grounds.source() == null).isEqualTo(!category.equals("S"));
    assertThat(grounds.reason() == null).isEqualTo(category.equals("S"));
  }

  @Test
  void decide_withoutARegistration_isOutsideTheScopeAsBefore() {
    TaxQuestion question =
        new TaxQuestion(
            place("DE"),
            List.of(),
            customer("DE", null, Supply.DIGITAL, null),
            LocalDate.of(2026, 1, 1));
    Taxation decided = TaxRules.decide(question, RATES);
    assertThat(decided.rate().category()).isEqualTo("O");
    assertThat(decided.grounds()).isNull();
  }

  @Test
  void decide_withAnIdThatTheOfficeDoesNotKnow_chargesTheRate() {
    TaxNumber id = TaxNumber.parse("taxId", "IT00743110157");
    for (IdStatus status : IdStatus.values()) {
      CustomerStatus customer = new CustomerStatus(place("IT"), id, status, Supply.DIGITAL, null);
      Taxation decided = decide(customer);
      boolean isRefused = status == IdStatus.INVALID || status == IdStatus.MALFORMED;
      assertThat(decided.rate().category()).as(status.text()).isEqualTo(isRefused ? "S" : "AE");
    }
  }

  @Test
  void decide_withAnExemption_saysWhy() {
    Exemption exemption = new Exemption("E", "VATEX-EU-151", "An embassy");
    Taxation decided = decide(customer("FR", null, Supply.DIGITAL, exemption));
    assertThat(decided.rate().category()).isEqualTo("E");
    TaxGrounds grounds = Objects.requireNonNull(decided.grounds(), "grounds");
    assertThat(grounds.reasonCode()).isEqualTo("VATEX-EU-151");
    Exemption zero = new Exemption("Z", null, "Zero rated");
    assertThat(decide(customer("FR", null, Supply.DIGITAL, zero)).rate().category()).isEqualTo("Z");
  }

  @Test
  void decide_withoutARate_orAState_namesIt() {
    assertThatThrownBy(
            () ->
                TaxRules.decide(
                    new TaxQuestion(
                        place("AU"),
                        registrations("VAT:AU"),
                        customer("AU", null, Supply.DIGITAL, null),
                        LocalDate.of(2026, 1, 1)),
                    RATES))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("has no rate of AU on 2026-01-01");
    assertThatThrownBy(
            () ->
                TaxRules.decide(
                    new TaxQuestion(
                        place("US"),
                        registrations("SALES_TAX:US-NY"),
                        customer("US", null, Supply.DIGITAL, null),
                        LocalDate.of(2026, 1, 1)),
                    RATES))
        .hasMessageContaining("its state is not known");
    assertThatThrownBy(() -> canadian("CA")).hasMessageContaining("its province is not known");
    assertThatThrownBy(() -> canadian("CA-Vancouver"))
        .hasMessageContaining("its province is not known");
    assertThatThrownBy(() -> canadian("CA-ON"))
        .hasMessageContaining("not for CA-ON, where the customer is");
    assertThatThrownBy(() -> place("US-ZZ")).hasMessageContaining("a state with two letters");
    assertThatThrownBy(() -> place("ZZ")).hasMessageContaining("ISO 3166");
  }

  private static Taxation canadian(String customer) {
    return TaxRules.decide(
        new TaxQuestion(
            place("CA"),
            registrations("SALES_TAX:CA-BC"),
            customer(customer, null, Supply.DIGITAL, null),
            LocalDate.of(2026, 1, 1)),
        RATES);
  }

  private static Taxation decide(CustomerStatus customer) {
    return TaxRules.decide(
        new TaxQuestion(
            place("FR"), registrations("VAT:FR OSS:FR"), customer, LocalDate.of(2026, 3, 31)),
        RATES);
  }

  private static Place place(String text) {
    String[] parts = text.split("-", 2);
    return TaxPlaces.read("taxPlace", parts[0], parts.length == 1 ? null : parts[1]);
  }

  private static List<Registration> registrations(String text) {
    return Arrays.stream(text.split(" ", -1))
        .map(each -> each.split(":", 2))
        .map(each -> new Registration(Scheme.valueOf(each[0]), place(each[1]), "N-" + each[1]))
        .toList();
  }

  private static CustomerStatus customer(
      String place, @Nullable String id, Supply supply, @Nullable Exemption exemption) {
    return new CustomerStatus(
        place(place),
        id == null ? null : TaxNumber.parse("taxId", id),
        id == null ? IdStatus.NONE : IdStatus.UNCHECKED,
        supply,
        exemption);
  }
}
