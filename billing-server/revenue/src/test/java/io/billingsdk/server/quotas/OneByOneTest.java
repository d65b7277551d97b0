package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.db.DatabaseException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OneByOneTest {
  private final OneByOne each = new OneByOne("test");
  private final Set<String> done = new TreeSet<>();

  private void judge(List<String> some) {
    if (some.contains("q_7")) {
      throw new IllegalStateException("planted");
    }
    done.addAll(some);
  }

  @Test
  void together_withAFaultAtOne_doesAllOthers_andNamesIt() {
    List<String> ids = IntStream.range(0, 1_200).mapToObj(i -> "q_" + i).toList();
    each.together(ids, this::judge);

    assertThat(done).hasSize(1_199).doesNotContain("q_7");
    assertThat(each.failing()).containsExactly("q_7");
    each.together(List.of("q_1"), this::judge);
    assertThat(each.failing()).isEmpty();
  }

  @Test
  void each_withAFaultAtOne_doesAllOthersOnce() {
    each.each(List.of("q_1", "q_7", "q_9"), one -> judge(List.of(one)));

    assertThat(done).containsExactly("q_1", "q_9");
    assertThat(each.failing()).containsExactly("q_7");
  }

  @Test
  void together_whileTheDatabaseIsAway_fails() {
    DatabaseException away = new DatabaseException(new SQLException("away", "08006"));

    assertThatThrownBy(
            () ->
                each.together(
                    List.of("q_1"),
                    some -> {
                      throw away;
                    }))
        .isSameAs(away);
  }
}
