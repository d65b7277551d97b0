package io.billingsdk.server.customers;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.SellerSettings.BankAccount;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the settings of bills may be, each rule in one place. */
final class SettingsFields {
  static final int MOST_EMAILS = 8;
  static final int EMAIL_CHARS = 254;
  static final int REASON_CHARS = 256;
  static final int CERTIFICATE_CHARS = 64;
  static final int SERIES_CHARS = 16;
  static final int TEMPLATE_CHARS = 64;
  static final int MOST_NET_DAYS = 365;
  static final int IBAN_CHARS = 42;
  static final int BIC_CHARS = 11;

  private static final Pattern EMAIL =
      Pattern.compile(
          "[^\\s@<>\",;:\\\\]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\\.[A-Za-z]+");

  private static final Pattern SERIES = Pattern.compile("[A-Za-z0-9]{1,16}");
  private static final Pattern TEMPLATE = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern BIC = Pattern.compile("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?");

  private SettingsFields() {}

  static BillingSettings check(BillingSettings settings) {
    if (settings.legalName() != null) {
      CustomerFields.name("legalName", settings.legalName());
    }
    if (settings.address() != null) {
      Sellers.check(settings.address());
    }
    emails(settings.emails());
    if (settings.exemption() != null) {
      CustomerFields.text("exemption.reason", settings.exemption().reason(), REASON_CHARS);
      if (settings.exemption().certificate() != null) {
        CustomerFields.text(
            "exemption.certificate", settings.exemption().certificate(), CERTIFICATE_CHARS);
      }
    }
    match("series", settings.series(), SERIES, "1 to 16 of A-Z a-z 0-9");
    netDays(settings.netDays());
    template(settings.template());
    return settings;
  }

  static SellerSettings check(SellerSettings settings) {
    BankAccount bank = settings.bank();
    if (bank != null) {
      CustomerFields.name("bank.holder", bank.holder());
      var unused = Iban.parse("bank.iban", bank.iban());
      match("bank.bic", bank.bic(), BIC, "the BIC of a bank, 8 or 11 characters");
    }
    netDays(settings.netDays());
    template(settings.template());
    return settings;
  }

  private static void emails(List<String> emails) {
    require(emails.size() <= MOST_EMAILS, "emails", "a list of at most " + MOST_EMAILS);
    for (int i = 0; i < emails.size(); i++) {
      String each = emails.get(i);
      require(
          each.length() <= EMAIL_CHARS && EMAIL.matcher(each).matches(),
          "emails[" + i + "]",
          "an address such as billing@example.com, at most " + EMAIL_CHARS + " characters");
    }
    require(new HashSet<>(emails).size() == emails.size(), "emails", "a list without repetitions");
  }

  private static void netDays(@Nullable Integer days) {
    require(
        days == null || (days >= 0 && days <= MOST_NET_DAYS),
        "netDays",
        "a whole number from 0 to " + MOST_NET_DAYS);
  }

  private static void template(@Nullable String template) {
    match("template", template, TEMPLATE, "1 to 64 of a-z 0-9 -");
  }

  private static void match(
      String field, @Nullable String value, Pattern pattern, String expected) {
    require(value == null || pattern.matcher(value).matches(), field, expected);
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw RequestRefusedException.invalid(field, expected);
    }
  }
}
