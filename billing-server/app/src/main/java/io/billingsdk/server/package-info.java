/** The billing server: what runs, and how its parts are put together. */
@NullMarked
package io.billingsdk.server;

import org.jspecify.annotations.NullMarked;
