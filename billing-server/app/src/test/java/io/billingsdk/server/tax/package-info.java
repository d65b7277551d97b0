/** Tests of taxes through the service, with a database. */
@NullMarked
package io.billingsdk.server.tax;

import org.jspecify.annotations.NullMarked;
