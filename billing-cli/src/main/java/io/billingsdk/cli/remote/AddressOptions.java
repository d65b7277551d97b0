package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.WrongOptionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A postal address that may be given. */
final class AddressOptions {
  @Option(
      names = "--line",
      paramLabel = "TEXT",
      description = "of its address: street and number; repeatable, with --city and --country")
  private List<String> lines = List.of();

  @Option(names = "--city", paramLabel = "NAME", description = "the city")
  private @Nullable String city;

  @Option(names = "--postal-code", paramLabel = "CODE", description = "the postal code")
  private @Nullable String postalCode;

  @Option(names = "--country", paramLabel = "CODE", description = "DE, US, of ISO 3166")
  private @Nullable String country;

  void addTo(ObjectNode body) {
    if (lines.isEmpty() && city == null && postalCode == null && country == null) {
      return;
    }
    if (lines.isEmpty() || city == null || country == null) {
      throw new WrongOptionException("an address needs --line, --city and --country");
    }
    ObjectNode address = body.putObject("address");
    var list = address.putArray("lines");
    lines.forEach(list::add);
    address.put("city", city).put("country", country);
    CustomersCommand.put(address, "postalCode", postalCode);
  }
}
