package io.billingsdk.recipes;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerListener;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.billingsdk.Billing;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.grpc.BindableService;
import java.time.Duration;

/** A service of Armeria. */
final class ArmeriaRecipe {
  private ArmeriaRecipe() {}

  static Server serving(int port, BindableService llm) {
    // region server
    return Server.builder()
        .http(port)
        .service(
            GrpcService.builder().addService(llm).intercept(ApiKeyInterceptor.create()).build())
        .serverListener(
            ServerListener.builder()
                .whenStopped(server -> Billing.close(Duration.ofSeconds(10)))
                .build())
        .build();
    // endregion
  }
}
