package io.billingsdk.testkit;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingClient;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import java.util.ArrayList;
import java.util.List;

/** Builds an {@link InProcessGrpc}. Not thread-safe. */
public final class InProcessGrpcBuilder {
  private final List<ServerServiceDefinition> services = new ArrayList<>();
  private final List<ServerInterceptor> inside = new ArrayList<>();
  private ApiKeyInterceptor keys = ApiKeyInterceptor.create();

  InProcessGrpcBuilder() {}

  /** The client that checks keys and takes usage. Default: the one of {@code Billing}. */
  public InProcessGrpcBuilder client(BillingClient client) {
    return keys(ApiKeyInterceptor.builder().client(requireNonNull(client, "client")).build());
  }

  /** The key check of your own, in the place of the usual one and of {@link #client}. */
  public InProcessGrpcBuilder keys(ApiKeyInterceptor interceptor) {
    keys = requireNonNull(interceptor, "interceptor");
    return this;
  }

  /**
   * An interceptor that sees only calls that were let in, such as a {@code MeteringInterceptor}; of
   * several the last runs first.
   */
  public InProcessGrpcBuilder intercept(ServerInterceptor interceptor) {
    inside.add(requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /** Services to serve. */
  public InProcessGrpcBuilder services(BindableService... some) {
    for (BindableService each : some) {
      services.add(each.bindService());
    }
    return this;
  }

  /** A service to serve that has interceptors already, as {@code BillingInterceptors} puts them. */
  public InProcessGrpcBuilder service(ServerServiceDefinition service) {
    services.add(requireNonNull(service, "service"));
    return this;
  }

  /**
   * Starts the server.
   *
   * @throws IllegalArgumentException when there is no service
   */
  public InProcessGrpc start() {
    if (services.isEmpty()) {
      throw new IllegalArgumentException("services: at least one service must be served");
    }
    String name = InProcessServerBuilder.generateName();
    InProcessServerBuilder server = InProcessServerBuilder.forName(name);
    services.forEach(server::addService);
    inside.forEach(server::intercept);
    // The last one runs first.
    server.intercept(keys);
    return InProcessGrpc.start(name, server);
  }
}
