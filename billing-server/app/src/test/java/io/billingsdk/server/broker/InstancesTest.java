package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.billingsdk.server.broker.Instances.Instance;
import io.billingsdk.server.broker.Instances.InstanceKind;
import io.billingsdk.server.common.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstancesTest {
  @TempDir Path directory;

  private Instances instances() {
    return new Instances(directory);
  }

  @Test
  void all_nobody_isEmpty() {
    assertThat(instances().all()).isEmpty();
  }

  @Test
  void passwordOf_twice_isTheSameAndReadByItsOwnerOnly() throws IOException {
    String password = instances().passwordOf("gateway-1");
    assertThat(instances().passwordOf("gateway-1")).isEqualTo(password).hasSize(64);
    Path file = directory.resolve("instances/gateway-1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void all_several_areNamedInOrderAndNothingElseIs() throws IOException {
    var unused = instances().passwordOf("b") + instances().passwordOf("a");
    Files.writeString(directory.resolve("instances/.new123"), "half a secret");
    assertThat(instances().all()).extracting(Instance::name).containsExactly("a", "b");
  }

  @Test
  void revoke_known_isGoneAndMadeAgainHasAnotherPassword() {
    String before = instances().passwordOf("gateway-1");
    instances().revoke("gateway-1");
    assertThat(instances().all()).isEmpty();
    assertThat(instances().knownPasswordOf("gateway-1")).as("asking makes none").isEmpty();
    assertThat(instances().all()).isEmpty();
    assertThat(instances().passwordOf("gateway-1")).isNotEqualTo(before);
  }

  @Test
  void revoke_unknown_isRefusedWithItsName() {
    assertThatThrownBy(() -> instances().revoke("gateway-1"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("gateway-1");
  }

  @Test
  void passwordOf_otherKindOfTheSameName_isRefusedUntilItIsRevoked() {
    String own = instances().passwordOf("gateway-1");
    var unused = instances().passwordOf("python-1", InstanceKind.V1);
    assertThatThrownBy(() -> instances().passwordOf("gateway-1", InstanceKind.V1))
        .isInstanceOf(ServerException.class)
        .hasMessage(
            "instance gateway-1 is not one of protocol v1; revoke it first, or take another name");
    assertThatThrownBy(() -> instances().passwordOf("python-1"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("python-1 is one of protocol v1");
    assertThat(instances().all())
        .extracting(Instance::name, Instance::kind)
        .containsExactly(
            tuple("gateway-1", InstanceKind.OWN_ID), tuple("python-1", InstanceKind.V1));
    instances().revoke("gateway-1");
    assertThat(instances().passwordOf("gateway-1", InstanceKind.V1)).isNotEqualTo(own);
  }

  @Test
  void wasRevoked_revokedByAnOperator_isSo_untilItIsMadeAgain() {
    var unused =
        instances().passwordOf("python-1", InstanceKind.V1) + instances().passwordOf("doctor-1");
    instances().revokeAndRemember("python-1");
    instances().revoke("doctor-1");
    assertThat(instances().wasRevoked("python-1")).isTrue();
    assertThat(instances().wasRevoked("doctor-1")).isFalse();
    assertThat(instances().wasRevoked("../instances")).as("no name").isFalse();
    var again = instances().passwordOf("python-1");
    assertThat(again).isNotEmpty();
    assertThat(instances().wasRevoked("python-1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../secrets", "a/b", "billing-server", "ü", ".", "+", "#"})
  void name_notAllowed_isRefused(String name) {
    assertThatThrownBy(() -> instances().passwordOf(name))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> instances().revoke(name)).isInstanceOf(ServerException.class);
  }
}
