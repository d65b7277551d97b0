package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose notifications are meant. */
final class NotificationOwner {
  @Option(
      names = "--customer",
      paramLabel = "CUSTOMER",
      description = "those of a customer, by id; default: those of the operator")
  private @Nullable String customer;

  /** A path below the operator, or below the customer. */
  String at(String path) {
    return (customer == null ? "" : CustomersCommand.at(customer)) + path;
  }

  static void kinds(ObjectNode body, @Nullable List<String> kinds) {
    if (kinds != null && !kinds.isEmpty()) {
      kinds.forEach(body.putArray("kinds")::add);
    }
  }
}
