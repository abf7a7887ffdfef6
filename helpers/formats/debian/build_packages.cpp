#include "formats/debian/build_packages.hpp"

#include <array>

#include "formats/text/text.hpp"

namespace dba {
namespace {

// Names are divided by spaces. A header that ends in '/' is a directory of them; names without a
// directory also stand for a deeper one ("mysql/mysql.h").
struct Row {
    const char* package;
    const char* headers = "";
    const char* libraries = "";
    const char* programs = "";
    const char* pkg_configs = "";
    const char* cmake_packages = "";
};

constexpr std::array rows{
    // Compilers and tools.
    Row{"gcc", "", "gcc", "gcc cc x86_64-linux-gnu-gcc aarch64-linux-gnu-gcc c99"},
    Row{"g++", "", "stdc++", "g++ c++ x86_64-linux-gnu-g++ aarch64-linux-gnu-g++"},
    Row{"libc6-dev", "stdio.h stdlib.h string.h limits.h sys/ bits/ crt1.o", "c m dl pthread rt"},
    Row{"gfortran", "", "gfortran", "gfortran f95 f77 x86_64-linux-gnu-gfortran"},
    Row{"clang", "", "", "clang clang++"},
    Row{"libclang-dev", "clang-c/", "clang"},
    Row{"llvm-dev", "llvm/ llvm-c/", "LLVM", "llvm-config", "", "LLVM"},
    Row{"make", "", "", "make gmake"},
    Row{"cmake", "", "", "cmake ctest cpack"},
    Row{"ninja-build", "", "", "ninja Ninja ninja-build"},
    Row{"meson", "", "", "meson"},
    Row{"pkg-config", "", "", "pkg-config pkgconf pkg_config", "", "PkgConfig"},
    Row{"autoconf", "", "", "autoconf autoreconf autoheader"},
    Row{"automake", "", "", "automake aclocal"},
    Row{"libtool", "", "", "libtoolize glibtoolize"},
    Row{"m4", "", "", "m4"},
    Row{"bison", "", "", "bison yacc", "", "BISON"},
    Row{"flex", "FlexLexer.h", "fl", "flex lex", "", "FLEX"},
    Row{"swig", "", "", "swig swig4.0", "", "SWIG"},
    Row{"gettext", "", "", "msgfmt xgettext msgmerge", "", "Gettext"},
    Row{"git", "", "", "git", "", "Git"},
    Row{"mercurial", "", "", "hg"},
    Row{"patchelf", "", "", "patchelf"},
    Row{"nasm", "", "", "nasm"},
    Row{"yasm", "", "", "yasm"},
    Row{"cargo", "", "", "cargo rustc Cargo Rust"},
    Row{"golang-go", "", "", "go"},
    Row{"nodejs", "node_api.h", "", "node nodejs"},
    Row{"npm", "", "", "npm npx"},
    Row{"yarnpkg", "", "", "yarnpkg"},
    Row{"default-jdk-headless", "jni.h", "jvm", "javac java jar", "", "Java JNI"},
    Row{"protobuf-compiler", "", "", "protoc"},
    Row{"libprotobuf-dev", "google/protobuf/", "protobuf", "", "protobuf", "Protobuf"},
    Row{"graphviz", "", "", "dot"},
    Row{"doxygen", "", "", "doxygen", "", "Doxygen"},
    Row{"perl", "", "", "perl"},
    Row{"curl", "", "", "curl"},
    Row{"wget", "", "", "wget"},
    Row{"unzip", "", "", "unzip"},
    Row{"xz-utils", "", "", "xz"},
    Row{"rsync", "", "", "rsync"},
    Row{"file", "", "", "file"},
    Row{"bsdextrautils", "", "", "hexdump"},
    Row{"lsb-release", "", "", "lsb_release"},
    // Databases.
    Row{"libpq-dev", "libpq-fe.h pg_config.h postgres_ext.h postgresql/", "pq", "pg_config",
        "libpq", "PostgreSQL"},
    Row{"default-libmysqlclient-dev", "mysql.h mysql/ mariadb/",
        "mysqlclient mariadb mariadbclient", "mysql_config mariadb_config",
        "mysqlclient mariadb libmariadb", "MySQL"},
    Row{"libsqlite3-dev", "sqlite3.h", "sqlite3", "", "sqlite3", "SQLite3"},
    Row{"unixodbc-dev", "sql.h sqlext.h sqltypes.h odbcinst.h", "odbc odbcinst", "odbc_config",
        "odbc", "ODBC"},
    Row{"freetds-dev", "sybdb.h sybfront.h ctpublic.h", "sybdb ct", "", "freetds"},
    Row{"libdb-dev", "db.h", "db"},
    Row{"libgdbm-dev", "gdbm.h", "gdbm"},
    Row{"libleveldb-dev", "leveldb/", "leveldb", "", "", "leveldb"},
    Row{"librocksdb-dev", "rocksdb/", "rocksdb", "", "rocksdb", "RocksDB"},
    Row{"liblmdb-dev", "lmdb.h", "lmdb", "", "lmdb"},
    Row{"libmemcached-dev", "libmemcached/", "memcached", "", "libmemcached"},
    Row{"libhiredis-dev", "hiredis/", "hiredis", "", "hiredis"},
    Row{"librdkafka-dev", "librdkafka/", "rdkafka rdkafka++", "", "rdkafka", "RdKafka"},
    Row{"librabbitmq-dev", "amqp.h rabbitmq-c/", "rabbitmq", "", "librabbitmq"},
    // Security and network.
    Row{"libssl-dev", "openssl/", "ssl crypto", "", "openssl libssl libcrypto", "OpenSSL"},
    Row{"libffi-dev", "ffi.h ffitarget.h", "ffi", "", "libffi"},
    Row{"libsodium-dev", "sodium.h sodium/", "sodium", "", "libsodium", "sodium"},
    Row{"libgnutls28-dev", "gnutls/", "gnutls", "", "gnutls", "GnuTLS"},
    Row{"libgcrypt20-dev", "gcrypt.h", "gcrypt", "libgcrypt-config", "libgcrypt"},
    Row{"libgpgme-dev", "gpgme.h", "gpgme", "gpgme-config", "gpgme"},
    Row{"libldap-dev", "ldap.h lber.h", "ldap lber ldap_r", "", "ldap lber"},
    Row{"libsasl2-dev", "sasl.h sasl/", "sasl2", "", "libsasl2"},
    Row{"libkrb5-dev", "krb5.h gssapi.h gssapi/ krb5/", "krb5 gssapi_krb5", "krb5-config",
        "krb5 krb5-gssapi mit-krb5-gssapi", "GSSAPI"},
    Row{"libcurl4-openssl-dev", "curl/", "curl", "curl-config", "libcurl", "CURL"},
    Row{"libssh2-1-dev", "libssh2.h", "ssh2", "", "libssh2"},
    Row{"libssh-dev", "libssh/", "ssh", "", "libssh"},
    Row{"libxmlsec1-dev", "xmlsec/", "xmlsec1 xmlsec1-openssl", "xmlsec1-config", "xmlsec1"},
    Row{"libpcap-dev", "pcap.h pcap/", "pcap", "pcap-config", "libpcap"},
    Row{"libpam0g-dev", "security/", "pam"},
    Row{"libzmq3-dev", "zmq.h", "zmq", "", "libzmq", "ZeroMQ"},
    Row{"libuv1-dev", "uv.h", "uv", "", "libuv"},
    Row{"libev-dev", "ev.h", "ev"},
    Row{"libevent-dev", "event.h event2/", "event", "", "libevent", "Libevent"},
    Row{"libnghttp2-dev", "nghttp2/", "nghttp2", "", "libnghttp2"},
    Row{"libc-ares-dev", "ares.h", "cares", "", "libcares"},
    Row{"libsnmp-dev", "net-snmp/", "netsnmp", "net-snmp-config", "netsnmp"},
    Row{"libnl-3-dev", "netlink/", "nl-3", "", "libnl-3.0"},
    Row{"libgit2-dev", "git2.h git2/", "git2", "", "libgit2"},
    Row{"libpcsclite-dev", "winscard.h", "pcsclite", "", "libpcsclite"},
    // Archives.
    Row{"zlib1g-dev", "zlib.h zconf.h", "z zlib", "", "zlib", "ZLIB"},
    Row{"libbz2-dev", "bzlib.h", "bz2", "", "bzip2", "BZip2"},
    Row{"liblzma-dev", "lzma.h lzma/", "lzma", "", "liblzma", "LibLZMA"},
    Row{"liblz4-dev", "lz4.h lz4frame.h", "lz4", "", "liblz4", "LZ4"},
    Row{"libzstd-dev", "zstd.h zdict.h", "zstd", "", "libzstd", "zstd"},
    Row{"libsnappy-dev", "snappy.h snappy-c.h", "snappy", "", "snappy", "Snappy"},
    Row{"libbrotli-dev", "brotli/", "brotlienc brotlidec", "", "libbrotlienc libbrotlidec"},
    Row{"libarchive-dev", "archive.h archive_entry.h", "archive", "", "libarchive", "LibArchive"},
    // Text and markup.
    Row{"libxml2-dev", "libxml/ libxml2/", "xml2", "xml2-config", "libxml-2.0", "LibXml2"},
    Row{"libxslt1-dev", "libxslt/ libexslt/", "xslt exslt", "xslt-config", "libxslt libexslt",
        "LibXslt"},
    Row{"libexpat1-dev", "expat.h", "expat", "", "expat", "EXPAT"},
    Row{"libyaml-dev", "yaml.h", "yaml", "", "yaml-0.1"},
    Row{"libyaml-cpp-dev", "yaml-cpp/", "yaml-cpp", "", "yaml-cpp", "yaml-cpp"},
    Row{"libicu-dev", "unicode/", "icuuc icui18n icudata", "icu-config", "icu-uc icu-i18n", "ICU"},
    Row{"libpcre2-dev", "pcre2.h", "pcre2-8", "pcre2-config", "libpcre2-8"},
    Row{"libpcre3-dev", "pcre.h", "pcre", "pcre-config", "libpcre"},
    Row{"libre2-dev", "re2/", "re2", "", "re2", "re2"},
    Row{"libonig-dev", "oniguruma.h", "onig", "", "oniguruma"},
    Row{"libmagic-dev", "magic.h", "magic", "", "libmagic"},
    Row{"libhunspell-dev", "hunspell/ hunspell.hxx", "hunspell", "", "hunspell"},
    Row{"libenchant-2-dev", "enchant.h", "enchant-2", "", "enchant-2"},
    Row{"libjansson-dev", "jansson.h", "jansson", "", "jansson"},
    Row{"rapidjson-dev", "rapidjson/", "", "", "RapidJSON", "RapidJSON"},
    // Pictures and sound.
    Row{"libjpeg-dev", "jpeglib.h jconfig.h turbojpeg.h", "jpeg", "", "libjpeg", "JPEG"},
    Row{"libpng-dev", "png.h", "png png16", "libpng-config", "libpng libpng16", "PNG"},
    Row{"libtiff-dev", "tiffio.h tiff.h", "tiff", "", "libtiff-4", "TIFF"},
    Row{"libwebp-dev", "webp/", "webp webpmux webpdemux", "", "libwebp", "WebP"},
    Row{"libgif-dev", "gif_lib.h", "gif"},
    Row{"libfreetype-dev", "ft2build.h freetype/ freetype2/", "freetype", "freetype-config",
        "freetype2", "Freetype"},
    Row{"libfontconfig-dev", "fontconfig/", "fontconfig", "", "fontconfig", "Fontconfig"},
    Row{"liblcms2-dev", "lcms2.h", "lcms2", "", "lcms2"},
    Row{"libopenjp2-7-dev", "openjpeg.h", "openjp2", "", "libopenjp2", "OpenJPEG"},
    Row{"libheif-dev", "libheif/", "heif", "", "libheif"},
    Row{"libcairo2-dev", "cairo.h cairo/", "cairo", "", "cairo"},
    Row{"libpango1.0-dev", "pango/", "pango-1.0", "", "pango pangocairo pangoft2"},
    Row{"libgirepository1.0-dev", "girepository.h", "girepository-1.0", "",
        "gobject-introspection-1.0"},
    Row{"libgirepository-2.0-dev", "girepository/", "girepository-2.0", "", "girepository-2.0"},
    Row{"libglib2.0-dev", "glib.h glib/ gio/ glib-object.h", "glib-2.0 gobject-2.0",
        "glib-genmarshal glib-mkenums", "glib-2.0 gobject-2.0 gio-2.0"},
    Row{"libgtk-3-dev", "gtk/", "gtk-3", "", "gtk+-3.0", "GTK3"},
    Row{"libmagickwand-dev", "wand/ MagickWand/", "MagickWand MagickWand-6.Q16", "",
        "MagickWand Wand"},
    Row{"libgraphviz-dev", "graphviz/ cgraph.h gvc.h", "cgraph gvc cdt", "", "libcgraph libgvc"},
    Row{"libzbar-dev", "zbar.h", "zbar", "", "zbar"},
    Row{"libtesseract-dev", "tesseract/", "tesseract", "", "tesseract"},
    Row{"libleptonica-dev", "leptonica/ allheaders.h", "lept leptonica", "", "lept"},
    Row{"libpoppler-cpp-dev", "poppler/ poppler-document.h", "poppler-cpp", "", "poppler-cpp"},
    Row{"libopencv-dev", "opencv2/", "opencv_core", "", "opencv4", "OpenCV"},
    Row{"portaudio19-dev", "portaudio.h", "portaudio", "", "portaudio-2.0"},
    Row{"libasound2-dev", "alsa/", "asound", "", "alsa", "ALSA"},
    Row{"libsndfile1-dev", "sndfile.h", "sndfile", "", "sndfile"},
    Row{"libavcodec-dev", "libavcodec/", "avcodec", "", "libavcodec"},
    Row{"libavformat-dev", "libavformat/", "avformat", "", "libavformat"},
    Row{"libavdevice-dev", "libavdevice/", "avdevice", "", "libavdevice"},
    Row{"libavfilter-dev", "libavfilter/", "avfilter", "", "libavfilter"},
    Row{"libavutil-dev", "libavutil/", "avutil", "", "libavutil"},
    Row{"libswscale-dev", "libswscale/", "swscale", "", "libswscale"},
    Row{"libswresample-dev", "libswresample/", "swresample", "", "libswresample"},
    Row{"libsdl2-dev", "SDL.h SDL2/", "SDL2", "sdl2-config", "sdl2", "SDL2"},
    Row{"libgl1-mesa-dev", "GL/", "GL", "", "gl", "OpenGL"},
    Row{"libx11-dev", "X11/", "X11", "", "x11", "X11"},
    // Numbers and places.
    Row{"libopenblas-dev", "cblas.h openblas_config.h", "openblas blas cblas", "",
        "openblas blas cblas", "BLAS OpenBLAS"},
    Row{"liblapack-dev", "lapack.h lapacke.h", "lapack lapacke", "", "lapack", "LAPACK"},
    Row{"libgmp-dev", "gmp.h gmpxx.h", "gmp gmpxx", "", "gmp", "GMP"},
    Row{"libmpfr-dev", "mpfr.h", "mpfr", "", "mpfr"},
    Row{"libmpc-dev", "mpc.h", "mpc"},
    Row{"libfftw3-dev", "fftw3.h", "fftw3 fftw3f", "", "fftw3 fftw3f", "FFTW FFTW3"},
    Row{"libgsl-dev", "gsl/", "gsl", "gsl-config", "gsl", "GSL"},
    Row{"libeigen3-dev", "Eigen/ eigen3/", "", "", "eigen3", "Eigen3"},
    Row{"libhdf5-dev", "hdf5.h", "hdf5 hdf5_serial", "h5cc", "hdf5", "HDF5"},
    Row{"libnetcdf-dev", "netcdf.h", "netcdf", "nc-config", "netcdf", "netCDF"},
    Row{"libsuitesparse-dev", "suitesparse/ cholmod.h umfpack.h", "cholmod umfpack"},
    Row{"libglpk-dev", "glpk.h", "glpk"},
    Row{"libtbb-dev", "tbb/", "tbb", "", "tbb", "TBB"},
    Row{"libopenmpi-dev", "mpi.h", "mpi", "mpicc mpicxx", "ompi", "MPI"},
    Row{"libgeos-dev", "geos_c.h geos.h", "geos_c geos", "geos-config", "geos", "GEOS"},
    Row{"libproj-dev", "proj.h", "proj", "", "proj", "PROJ"},
    Row{"proj-bin", "", "", "proj"},
    Row{"libgdal-dev", "gdal.h gdal/ cpl_port.h ogr_api.h", "gdal", "gdal-config", "gdal", "GDAL"},
    Row{"libspatialindex-dev", "spatialindex/", "spatialindex_c spatialindex", "",
        "libspatialindex"},
    Row{"libboost-dev", "boost/", "", "", "", "Boost"},
    Row{"libboost-python-dev", "boost/python.hpp boost/python/", "boost_python3"},
    // The system.
    Row{"libsystemd-dev", "systemd/", "systemd", "", "libsystemd"},
    Row{"libdbus-1-dev", "dbus/", "dbus-1", "", "dbus-1", "DBus1"},
    Row{"libudev-dev", "libudev.h", "udev", "", "libudev"},
    Row{"libusb-1.0-0-dev", "libusb.h libusb-1.0/", "usb-1.0", "", "libusb-1.0"},
    Row{"libbluetooth-dev", "bluetooth/", "bluetooth", "", "bluez"},
    Row{"libfuse3-dev", "fuse3/", "fuse3", "", "fuse3"},
    Row{"libfuse-dev", "fuse.h fuse/", "fuse", "", "fuse"},
    Row{"libcap-dev", "sys/capability.h", "cap", "", "libcap"},
    Row{"libseccomp-dev", "seccomp.h", "seccomp", "", "libseccomp"},
    Row{"libacl1-dev", "sys/acl.h acl/", "acl", "", "libacl"},
    Row{"libattr1-dev", "attr/", "attr", "", "libattr"},
    Row{"libselinux1-dev", "selinux/", "selinux", "", "libselinux"},
    Row{"libapt-pkg-dev", "apt-pkg/", "apt-pkg", "", "apt-pkg"},
    Row{"libvirt-dev", "libvirt/", "virt", "", "libvirt"},
    Row{"libcups2-dev", "cups/", "cups", "cups-config", "cups", "Cups"},
    Row{"libreadline-dev", "readline/", "readline", "", "readline"},
    Row{"libncurses-dev", "ncurses.h curses.h term.h", "ncurses ncursesw tinfo", "ncurses6-config",
        "ncurses ncursesw", "Curses"},
    Row{"uuid-dev", "uuid/", "uuid", "", "uuid"},
    Row{"libelf-dev", "libelf.h gelf.h", "elf", "", "libelf"},
    Row{"libunwind-dev", "libunwind.h", "unwind", "", "libunwind"},
    Row{"libperl-dev", "EXTERN.h", "perl"},
    Row{"liblua5.4-dev", "lua.h", "lua5.4", "", "lua5.4", "Lua"},
    Row{"libthrift-dev", "thrift/", "thrift", "", "thrift", "Thrift"},
    Row{"libgrpc++-dev", "grpc/ grpcpp/", "grpc grpc++", "", "grpc grpc++", "gRPC"},
    Row{"nlohmann-json3-dev", "nlohmann/", "", "", "nlohmann_json", "nlohmann_json"},
    Row{"libfmt-dev", "fmt/", "fmt", "", "fmt", "fmt"},
    Row{"libspdlog-dev", "spdlog/", "spdlog", "", "spdlog", "spdlog"},
    Row{"libgtest-dev", "gtest/", "gtest", "", "gtest", "GTest"},
};

// How well `header` answers to one of the words: 0 not at all, 2 by its own name, 1 by a directory.
int header_fits(std::string_view words, std::string_view header) {
    int best = 0;
    for (const auto word : text::words(words)) {
        if (word == header) return 2;
        if (word.ends_with('/') && header.starts_with(word)) best = 1;
        // "mysql/mysql.h", "freetype2/ft2build.h": the same file by its directory.
        if (!word.ends_with('/') && header.ends_with(word) &&
            header[header.size() - word.size() - 1] == '/')
            best = 1;
    }
    return best;
}

bool has_word(std::string_view words, std::string_view name) {
    for (const auto word : text::words(words))
        if (word == name) return true;
    return false;
}

std::string_view words_of(const Row& row, BuildFile kind) {
    switch (kind) {
        case BuildFile::header:
            return row.headers;
        case BuildFile::library:
            return row.libraries;
        case BuildFile::program:
            return row.programs;
        case BuildFile::pkg_config:
            return row.pkg_configs;
        case BuildFile::cmake_package:
            break;
    }
    return row.cmake_packages;
}

}  // namespace

std::string build_package(BuildFile kind, std::string_view name) {
    const Row* best = nullptr;
    int how = 0;
    for (const Row& row : rows) {
        const auto words = words_of(row, kind);
        const int fits =
            kind == BuildFile::header ? header_fits(words, name) : (has_word(words, name) ? 2 : 0);
        if (fits <= how) continue;
        best = &row;
        how = fits;
    }
    return best == nullptr ? "" : best->package;
}

std::string path_end_of(BuildFile kind, std::string_view name) {
    const std::string text(name);
    switch (kind) {
        case BuildFile::header:
            return "/" + text;
        case BuildFile::library:
            return "/lib" + text + ".so";
        case BuildFile::program:
            return "bin/" + text;
        case BuildFile::pkg_config:
            return "/" + text + ".pc";
        case BuildFile::cmake_package:
            break;
    }
    return "/" + text + "Config.cmake";
}

}  // namespace dba
