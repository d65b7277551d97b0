package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.billingsdk.server.access.Principal;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Route.Places;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private final Places places = new Places("the live tail", 4, 2, 2, 3);

  private static Principal caller(String token, @Nullable String app) {
    return new Principal("tester", token, Scope.READ, app);
  }

  private void assertRefused(Principal principal, int status, String what) {
    assertThatThrownBy(() -> places.take(principal))
        .asInstanceOf(type(ProblemException.class))
        .extracting(ProblemException::problem)
        .satisfies(
            problem -> {
              assertThat(problem.status()).isEqualTo(status);
              assertThat(problem.detail() + problem.expected()).contains(what, "the live tail");
            });
  }

  private void take(String token, @Nullable String app, int times) {
    for (int i = 0; i < times; i++) {
      var unused = places.take(caller(token, app));
    }
  }

  @Test
  void take_beyondThoseOfOneToken_isRefusedWithTheBound() {
    take("t", null, 2);
    assertRefused(caller("t", null), 429, "at most 2 at once with one token");
    take("u", null, 1);
    assertThat(places.taken()).isEqualTo(3);
  }

  @Test
  void take_beyondThoseOfOneApp_isRefused_andOtherAppsAreNot() {
    take("t", "acme", 1);
    take("u", "acme", 1);
    assertRefused(caller("v", "acme"), 429, "the tokens of one app");
    take("w", "other", 1);
  }

  @Test
  void take_beyondThoseOfAllApps_leavesRoomForOthers() {
    take("t", "a", 2);
    take("u", "b", 1);
    assertRefused(caller("v", "c"), 429, "all tokens of apps");
    take("w", null, 1);
  }

  @Test
  void take_beyondAll_isBusy() {
    take("t", null, 2);
    take("u", null, 2);
    assertRefused(caller("v", null), 503, "as it serves");
  }

  @Test
  void givenBack_isFreeForTheSame() {
    Runnable first = places.take(caller("t", "acme"));
    take("t", "acme", 1);
    first.run();
    take("t", "acme", 1);
    assertThat(places.taken()).isEqualTo(2);
  }

  @Test
  void givenBackTwice_isOnePlace() {
    Runnable first = places.take(caller("t", null));
    take("t", null, 1);
    first.run();
    first.run();
    assertThat(places.taken()).isEqualTo(1);
    take("t", null, 1);
    assertRefused(caller("t", null), 429, "one token");
  }

  @Test
  void refused_takesNoPlace() {
    take("t", null, 2);
    assertRefused(caller("t", null), 429, "one token");
    assertThat(places.taken()).isEqualTo(2);
  }
}
