package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges what came to a fake and what it answered by the OpenAPI documents of its provider. Those
 * of PayPal are no part of this project: {@code -Dpaypal.contracts} says the folder. For one
 * thread.
 */
final class ContractJudge {
  private static final List<String> NAMES =
      List.of(
          "checkout_orders_v2",
          "payments_payment_v2",
          "vault_payment_tokens_v3",
          "notifications_webhooks_v1");

  /** Not in the documents. */
  private static final String OAUTH = "/v1/oauth2/token";

  /** PayPal's guide has this kind of token; its document of the vault has an older one alone. */
  static final String SETUP_TOKEN = "SETUP_TOKEN";

  private static final String OLDER = "BILLING_AGREEMENT";

  private final List<ProviderSpec> specs;
  private final boolean isForm;
  private final List<String> problems = new ArrayList<>();
  private int requests;
  private int answers;
  private int deviations;

  private ContractJudge(List<ProviderSpec> specs, boolean isForm) {
    this.specs = specs;
    this.isForm = isForm;
  }

  /** Empty without the documents. */
  static Optional<ContractJudge> of(ProviderName name) throws IOException {
    return name == ProviderName.STRIPE ? stripe() : payPal();
  }

  private static Optional<ContractJudge> stripe() throws IOException {
    Optional<Path> file = NpmPackages.stripeSpec();
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(new ContractJudge(List.of(new ProviderSpec(file.get())), /* isForm= */ true));
  }

  private static Optional<ContractJudge> payPal() throws IOException {
    Optional<Path> folder = folder();
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    List<ProviderSpec> all = new ArrayList<>();
    for (String each : NAMES) {
      all.add(new ProviderSpec(folder.get().resolve(each + ".json")));
    }
    return Optional.of(new ContractJudge(all, /* isForm= */ false));
  }

  /** The folder that was named, or the nearest {@code shared/contracts} above this one. */
  private static Optional<Path> folder() {
    String given = System.getProperty("paypal.contracts");
    if (given != null) {
      return Optional.of(Path.of(given)).filter(Files::isDirectory);
    }
    for (Path each = Path.of("").toAbsolutePath(); each != null; each = each.getParent()) {
      Path folder = each.resolve("shared/contracts");
      if (Files.isDirectory(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /** The documents, in the order of their names. */
  List<ProviderSpec> specs() {
    return List.copyOf(specs);
  }

  void judge(JsonNode exchange) {
    String method = exchange.path("method").asText();
    String path = exchange.path("path").asText();
    if (path.equals(OAUTH)) {
      return;
    }
    ProviderSpec spec =
        specs.stream()
            .filter(each -> each.has(path))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no document has " + path));
    JsonNode said = exchange.path("said");
    if (method.equals("POST")) {
      requests++;
      problems.addAll(
          isForm ? spec.form(method, path, said) : spec.body(method, path, asOfTheDocument(said)));
    }
    answers++;
    int status = exchange.path("status").asInt();
    problems.addAll(spec.answer(method, path, status, exchange.path("answer")));
  }

  private JsonNode asOfTheDocument(JsonNode body) {
    JsonNode token = body.path("payment_source").path("token");
    if (!token.path("type").asText().equals(SETUP_TOKEN)) {
      return body;
    }
    deviations++;
    JsonNode copy = body.deepCopy();
    ((ObjectNode) copy.path("payment_source").path("token")).put("type", OLDER);
    return copy;
  }

  void add(List<String> more) {
    problems.addAll(more);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  int requests() {
    return requests;
  }

  int answers() {
    return answers;
  }

  /** Requests that are as the guide of the provider says, and not as its document does. */
  int deviations() {
    return deviations;
  }
}
