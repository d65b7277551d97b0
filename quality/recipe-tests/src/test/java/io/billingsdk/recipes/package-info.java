/** How other frameworks of gRPC services take the SDK in, as docs/frameworks.md shows it. */
@NullMarked
package io.billingsdk.recipes;

import org.jspecify.annotations.NullMarked;
