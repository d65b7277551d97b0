package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of a customer may be given when it is made, and changed later. */
final class CustomerOptions {
  @Option(names = "--locale", paramLabel = "TAG", description = "en, de-AT, zh-CN; default: en")
  private @Nullable String locale;

  @Option(names = "--seller", paramLabel = "SELLER", description = "who sells, by id")
  private @Nullable String seller;

  @Option(
      names = "--tax-country",
      paramLabel = "CODE",
      description = "where it is taxed: DE, US, of ISO 3166")
  private @Nullable String country;

  @Option(
      names = "--tax-region",
      paramLabel = "NAME",
      description = "state or province, where the country has no single tax")
  private @Nullable String region;

  @Option(
      names = "--tax-id",
      paramLabel = "TYPE=VALUE",
      converter = NameText.NameForm.class,
      description = "a number of a tax office: eu_vat=DE123456789; repeatable")
  private List<String> taxIds = List.of();

  void addTo(ObjectNode body) {
    CustomersCommand.put(body, "locale", locale);
    CustomersCommand.put(body, "sellerId", seller);
    if (country != null || region != null) {
      ObjectNode place = body.putObject("taxPlace");
      CustomersCommand.put(place, "country", country);
      CustomersCommand.put(place, "region", region);
    }
    addTaxIds(body, taxIds);
  }

  /** Of TYPE=VALUE; none adds nothing. */
  static void addTaxIds(ObjectNode body, List<String> typesAndValues) {
    if (!typesAndValues.isEmpty()) {
      ArrayNode ids = body.putArray("taxIds");
      for (String each : typesAndValues) {
        int equals = each.indexOf('=');
        ids.addObject()
            .put("type", each.substring(0, equals))
            .put("value", each.substring(equals + 1));
      }
    }
  }
}
