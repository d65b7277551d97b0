package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.grpc.desk.DeskGrpc;
import io.billingsdk.grpc.desk.OptionsDeskGrpc;
import io.billingsdk.grpc.desk.Request;
import io.billingsdk.grpc.desk.Response;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who says what a method demands, and who counts more, over Netty with TLS. */
@Tag("system")
final class KeyPolicyTest {
  private static final String REFUSED = "refused";
  private static final Request REQUEST = Request.getDefaultInstance();

  private final TableClient client = new TableClient().allow("good", "app-1");

  private ApiKeyInterceptorBuilder interceptor() {
    return ApiKeyInterceptor.builder().client(client);
  }

  /** The answer of a method to a call with this key, or without one. */
  private static String call(
      TlsServer server, MethodDescriptor<Request, Response> method, String apiKey)
      throws Exception {
    Channel channel = server.channel();
    CallOptions options =
        apiKey.isEmpty()
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withCallCredentials(ApiKeyCallCredentials.of(apiKey));
    try {
      return ClientCalls.blockingServerStreamingCall(channel, method, options, REQUEST)
          .next()
          .getCaller();
    } catch (StatusRuntimeException refused) {
      return REFUSED;
    }
  }

  @Test
  void policy_ofAPattern_isOfItsMethodsOnly() throws Exception {
    ApiKeyInterceptor keys =
        interceptor()
            .services(DeskGrpc.getServiceDescriptor(), OptionsDeskGrpc.getServiceDescriptor())
            .policy("test.Desk/*", KeyPolicy.NONE)
            .policy("test.Desk/Follow", KeyPolicy.OPTIONAL)
            .build();
    try (TlsServer server =
        TlsServer.start(
            builder -> builder.intercept(keys).addService(new Desk()).addService(new Options()))) {
      assertThat(call(server, DeskGrpc.getAskMethod(), "good")).isEqualTo("nobody");
      assertThat(call(server, DeskGrpc.getFollowMethod(), "")).isEqualTo("nobody");
      assertThat(call(server, DeskGrpc.getFollowMethod(), "good")).isEqualTo("app-1");
      assertThat(call(server, DeskGrpc.getFollowMethod(), "bad")).isEqualTo(REFUSED);
      assertThat(call(server, OptionsDeskGrpc.getClosedMethod(), "")).isEqualTo(REFUSED);
    }
  }

  @Test
  void policy_ofThePrototype_isReadFromItsOptions() throws Exception {
    ApiKeyInterceptor keys = interceptor().build();
    try (TlsServer server =
        TlsServer.start(builder -> builder.intercept(keys).addService(new Options()))) {
      assertThat(call(server, OptionsDeskGrpc.getAskMethod(), "")).isEqualTo("nobody");
      assertThat(call(server, OptionsDeskGrpc.getAskMethod(), "good")).isEqualTo("app-1");
      assertThat(call(server, OptionsDeskGrpc.getAskMethod(), "bad")).isEqualTo(REFUSED);
      assertThat(call(server, OptionsDeskGrpc.getOpenMethod(), "bad")).isEqualTo("nobody");
      assertThat(call(server, OptionsDeskGrpc.getClosedMethod(), "")).isEqualTo(REFUSED);
    }
  }

  @Test
  void protect_annotatedService_demandsWhatItsAnnotationsSay() throws Exception {
    ServerServiceDefinition service =
        BillingInterceptors.protect(new Annotated(), interceptor().build());
    try (TlsServer server = TlsServer.start(builder -> builder.addService(service))) {
      assertThat(call(server, DeskGrpc.getAskMethod(), "")).isEqualTo("nobody");
      assertThat(call(server, DeskGrpc.getFollowMethod(), "")).isEqualTo(REFUSED);
      assertThat(call(server, DeskGrpc.getFollowMethod(), "good")).isEqualTo("app-1");
    }
  }

  @Test
  void protect_subclassThatOverridesWithoutAnnotation_keepsThatOfTheOverridden() throws Exception {
    Annotated subclass =
        new Annotated() {
          @Override
          public void ask(Request request, StreamObserver<Response> call) {
            super.ask(request, call);
          }
        };
    ServerServiceDefinition service = BillingInterceptors.protect(subclass, interceptor().build());
    try (TlsServer server = TlsServer.start(builder -> builder.addService(service))) {
      assertThat(call(server, DeskGrpc.getAskMethod(), "")).isEqualTo("nobody");
      assertThat(call(server, DeskGrpc.getFollowMethod(), "")).isEqualTo(REFUSED);
    }
  }

  @Test
  void protect_withTheCheckAroundTheServerToo_checksOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    ApiKeyInterceptor keys =
        interceptor()
            .client(
                () -> {
                  asked.incrementAndGet();
                  return java.util.Optional.of(client);
                })
            .onRevoke(OnRevoke.LET_FINISH)
            .build();
    ServerServiceDefinition service = BillingInterceptors.protect(new Annotated(), keys);
    try (TlsServer server =
        TlsServer.start(builder -> builder.intercept(keys).addService(service))) {
      assertThat(call(server, DeskGrpc.getFollowMethod(), "good")).isEqualTo("app-1");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void policy_configurationAgainstAnnotation_configurationCounts() throws Exception {
    ApiKeyInterceptor keys =
        interceptor()
            .policy(
                method -> method.getFullMethodName().equals("test.Desk/Ask"), KeyPolicy.REQUIRED)
            .build();
    ServerServiceDefinition service = BillingInterceptors.protect(new Annotated(), keys);
    try (TlsServer server = TlsServer.start(builder -> builder.addService(service))) {
      assertThat(call(server, DeskGrpc.getAskMethod(), "")).isEqualTo(REFUSED);
    }
  }

  @Test
  void build_patternOfNoMethod_isAnErrorThatNamesIt() {
    ApiKeyInterceptorBuilder builder =
        interceptor()
            .services(DeskGrpc.getServiceDescriptor())
            .policy("test.Desk/Aks", KeyPolicy.NONE);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[test.Desk/Aks]")
        .hasMessageContaining("test.Desk/Ask");
  }

  @Test
  void build_patternWithoutServices_isAnError() {
    ApiKeyInterceptorBuilder builder = interceptor().policy("test.Desk/*", KeyPolicy.NONE);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("services");
  }

  @Test
  void policy_malformedOrTwice_isAnErrorAtOnce() {
    for (String malformed : new String[] {"", "/", "test.Desk", "test.Desk/", "/Ask", "a/b/c"}) {
      assertThatThrownBy(() -> interceptor().policy(malformed, KeyPolicy.NONE))
          .as(malformed)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pkg.Service/Method");
    }
    assertThatThrownBy(
            () ->
                interceptor()
                    .policy("test.Desk/*", KeyPolicy.NONE)
                    .policy("test.Desk/*", KeyPolicy.REQUIRED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NONE already");
  }

  @Test
  void protect_withoutAnnotationOrWithOneThatProtectsNothing_isAnError() {
    assertThatThrownBy(() -> BillingInterceptors.protect(new Desk()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("@RequireApiKey");
    assertThatThrownBy(() -> BillingInterceptors.protect(new Misplaced()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[asked]");
  }

  @RequireApiKey
  static class Annotated extends Desk {
    @Override
    @RequireApiKey(KeyPolicy.OPTIONAL)
    public void ask(Request request, StreamObserver<Response> call) {
      super.ask(request, call);
    }
  }

  static final class Misplaced extends Desk {
    @RequireApiKey
    void asked() {}
  }

  static final class Options extends OptionsDeskGrpc.OptionsDeskImplBase {
    @Override
    public void ask(Request request, StreamObserver<Response> call) {
      answer(call);
    }

    @Override
    public void open(Request request, StreamObserver<Response> call) {
      answer(call);
    }

    @Override
    public void closed(Request request, StreamObserver<Response> call) {
      answer(call);
    }

    private static void answer(StreamObserver<Response> call) {
      call.onNext(Desk.answer());
      call.onCompleted();
    }
  }
}
