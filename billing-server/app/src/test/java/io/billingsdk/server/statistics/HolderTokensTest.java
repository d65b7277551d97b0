package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.statistics.HolderTokens.Claims;
import io.billingsdk.testbed.Proof;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HolderTokensTest {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
  private static final Claims CLAIMS =
      new Claims(PersonKind.GUEST, 1, new UUID(7, 9), Instant.ofEpochSecond(1_900_000_000));

  private final HolderTokens tokens = new HolderTokens("ab".repeat(32));

  @Test
  void read_whatWasSigned_isTheSame() {
    assertThat(tokens.read(tokens.sign(CLAIMS))).contains(CLAIMS);
  }

  /** So that tokens of today are good tomorrow, and the SDK reads them: it has a test with this. */
  @Test
  void sign_theSameClaims_isTheSameTokenForEver() {
    assertThat(tokens.sign(CLAIMS))
        .isEqualTo(
            "bst_AgAAAAEAAAAAAAAABwAAAAAAAAAJAAAAAHE_swA"
                + ".cKUj3PpWJ6OjksQcSZM1wZNkScBcwY_TwoSgtnuU-sA");
  }

  /** Each character of it, by each other one; shortened; lengthened; by the keys of others. */
  @Test
  void read_anyOtherText_isRefused() {
    String token = tokens.sign(CLAIMS);
    long tried = 0;
    long accepted = 0;
    for (int i = 0; i < token.length(); i++) {
      for (int j = 0; j < LETTERS.length(); j++) {
        char letter = LETTERS.charAt(j);
        if (letter != token.charAt(i)) {
          tried++;
          String forged = token.substring(0, i) + letter + token.substring(i + 1);
          accepted += tokens.read(forged).isPresent() ? 1 : 0;
        }
      }
      tried += 2;
      accepted += tokens.read(token.substring(0, i)).isPresent() ? 1 : 0;
      accepted += tokens.read(token + LETTERS.charAt(i % LETTERS.length())).isPresent() ? 1 : 0;
    }
    for (Claims other :
        new Claims[] {
          new Claims(PersonKind.USER, 1, CLAIMS.person(), CLAIMS.expiresAt()),
          new Claims(PersonKind.GUEST, 2, CLAIMS.person(), CLAIMS.expiresAt()),
          new Claims(PersonKind.GUEST, 1, new UUID(7, 8), CLAIMS.expiresAt()),
          new Claims(PersonKind.GUEST, 1, CLAIMS.person(), CLAIMS.expiresAt().plusSeconds(1))
        }) {
      // The claims of one with the signature of the other.
      String swapped = tokens.sign(other).split("[.]", -1)[0] + "." + token.split("[.]", -1)[1];
      tried++;
      accepted += tokens.read(swapped).isPresent() ? 1 : 0;
    }
    tried++;
    accepted += new HolderTokens("cd".repeat(32)).read(token).isPresent() ? 1 : 0;
    Proof.of("stats-tokens").with("forged", tried).with("accepted", accepted).print();
    assertThat(accepted).isZero();
  }

  @Test
  void read_randomText_isRefused() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder("bst_");
      int length = random.nextInt(120);
      for (int j = 0; j < length; j++) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      assertThat(tokens.read(text.toString())).as("seed %s: %s", seed, text).isEmpty();
    }
  }

  @Test
  void userHash_isTheSameEachTime_andAnotherForOthersAndElsewhere() {
    assertThat(tokens.userHash("ann")).isEqualTo(tokens.userHash("ann"));
    assertThat(tokens.userHash("ann")).isNotEqualTo(tokens.userHash("bob"));
    assertThat(tokens.userHash("ann"))
        .isNotEqualTo(new HolderTokens("cd".repeat(32)).userHash("ann"));
  }

  @Test
  void toString_doesNotShowTheSecret() {
    assertThat(tokens.toString()).doesNotContain("ab");
  }
}
