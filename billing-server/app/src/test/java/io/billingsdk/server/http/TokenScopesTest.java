package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Scopes;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each kind of token may do, over every operation of the document. */
@Tag("postgres")
class TokenScopesTest {
  /** By the scope of a token the scopes of operations that it may call. */
  private static final Map<Scope, Set<String>> ALLOWED =
      Map.of(
          Scope.INTAKE, Set.of("intake"),
          Scope.READ, Set.of("read"),
          Scope.WRITE, Set.of("read", "write", "intake"),
          Scope.METERING, Set.of("read", "write", "intake"),
          Scope.CATALOG, Set.of("read", "catalog"),
          Scope.FINANCE, Set.of("read", "finance", "customer"),
          Scope.REFUND, Set.of("read", "refund"),
          Scope.ADMIN,
              Set.of(
                  "read", "write", "intake", "catalog", "customer", "finance", "refund", "admin"));

  @TempDir Path directory;

  private HttpTestbed http;
  private ValidRequests requests;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    requests = new ValidRequests(http);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private int status(Operation operation, String token) throws SQLException {
    // Without what it needs: a caller with the right is refused for that, and changes nothing.
    return requests.send(operation, requests.path(operation), null, token).status();
  }

  @Test
  void tokens_ofEachScope_mayDoWhatItSays_andNothingElse() throws SQLException {
    int asked = 0;
    for (Scope scope : Scope.values()) {
      String token = http.token(scope, null);
      for (Operation operation : Operation.all()) {
        if (operation.isPublic() || operation.isStreamed()) {
          continue;
        }
        boolean allowed = ALLOWED.getOrDefault(scope, Set.of()).contains(operation.access());
        assertThat(status(operation, token) == 403)
            .as("%s with %s", operation.line(), scope)
            .isEqualTo(!allowed);
        asked++;
      }
    }
    Proof.of("token-scopes")
        .with("scopes", Scope.values().length)
        .with("requests", asked)
        .with("allowed_wrongly", 0)
        .print();
  }

  @Test
  void tokens_ofSeveralScopes_mayDoWhatAnyOfThemSays() throws SQLException {
    Scopes both = new Scopes(Set.of(Scope.CATALOG, Scope.METERING));
    String token =
        new Tokens(http.database())
            .create(HttpTestbed.TESTER, "tester", both, null, Duration.ofHours(1))
            .text();
    Set<String> allowed = Set.of("read", "write", "intake", "catalog");
    for (Operation operation : Operation.all()) {
      if (!operation.isPublic() && !operation.isStreamed()) {
        assertThat(status(operation, token) == 403)
            .as(operation.line())
            .isEqualTo(!allowed.contains(operation.access()));
      }
    }
    assertThat(new Tokens(http.database()).all())
        .extracting(each -> each.scopes().text())
        .contains("metering,catalog");
  }

  /** Every path with the id of another customer, whatever the method. */
  @Test
  void token_ofACustomer_findsNothingOfAnother() throws SQLException {
    new Customers(http.database(), HttpTestbed.TESTER)
        .create(NewCustomer.of("other", "Other", "USD", "UTC"));
    String token =
        new Tokens(http.database())
            .createForCustomer(HttpTestbed.TESTER, "tester", "customer", Duration.ofHours(1))
            .text();
    int asked = 0;
    for (Operation operation : Operation.all()) {
      if (operation.path().contains("{customerId}")) {
        String foreign =
            requests.path(operation).replaceFirst("customers/[^/?]+", "customers/other");
        assertThat(requests.send(operation, foreign, null, token).status())
            .as(operation.line())
            .isEqualTo(operation.node().path("x-customer-scoped").asBoolean() ? 404 : 403);
        asked++;
      }
    }
    Proof.of("token-customer").with("foreign_paths", asked).with("seen", 0).print();
    assertThat(asked).isGreaterThan(5);
  }

  @Test
  void token_ofACustomer_readsThatCustomerAndChangesItsOwn_andNothingElse() throws SQLException {
    new Customers(http.database(), HttpTestbed.TESTER)
        .create(NewCustomer.of("other", "Other", "USD", "UTC"));
    String token =
        new Tokens(http.database())
            .createForCustomer(HttpTestbed.TESTER, "tester", "customer", Duration.ofHours(1))
            .text();
    int own = 0;
    for (Operation operation : Operation.all()) {
      if (operation.isPublic() || operation.isStreamed()) {
        continue;
      }
      boolean isOfCustomer = operation.node().path("x-customer-scoped").asBoolean();
      int status = status(operation, token);
      if (operation.access().equals("customer")) {
        // It is refused for its body alone, or is done.
        assertThat(status).as(operation.line()).isIn(200, 400, 415);
      } else {
        // The event is of an app that nobody pays for.
        boolean isHidden = operation.id().equals("explainEvent");
        int expected = isHidden ? 404 : 200;
        assertThat(status).as(operation.line()).isEqualTo(isOfCustomer ? expected : 403);
      }
      own += isOfCustomer ? 1 : 0;
    }
    assertThat(own).isPositive();
    assertThat(http.send("GET", "/api/v1/customers/other", token, null).status()).isEqualTo(404);
    assertThat(http.send("GET", "/api/v1/customers/other/apps", token, null).status())
        .isEqualTo(404);
  }
}
