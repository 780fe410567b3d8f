// What libc, shells and PostgreSQL print in other languages, by the English words for it; data only. Patterns stand as text.

/** An English wording, and patterns of what is printed instead. */
export type Foreign = [english: string, foreign: string[]];

/** Libc's words for an errno, and a shell's for a command that is not there. */
export const WORDS: Foreign[] = [
  [
    'No such file or directory',
    [
      'Datei oder Verzeichnis nicht gefunden',
      'Aucun fichier ou (?:dossier|répertoire) de ce (?:type|nom)',
      'No existe el (?:fichero|archivo) o el directorio',
      'File o directory non esistente',
      '(?:Arquivo|Ficheiro) ou (?:diretório|directoria|pasta) (?:não encontrado|inexistente)',
      'Нет такого файла или каталога',
      'Немає такого файла або каталогу',
      'Nie ma takiego pliku ani katalogu',
      'Bestand of map bestaat niet',
      'Böyle bir dosya ya da dizin yok',
      '没有那个文件或目录',
      '沒有此一檔案或目錄',
      'そのようなファイルやディレクトリはありません',
      '그런 파일이나 디렉터리가 없(?:습니다|음)',
    ],
  ],
  [
    'Permission denied',
    [
      'Keine Berechtigung',
      'Permission non accordée',
      'Permiso denegado',
      'Permesso negato',
      'Permissão (?:negada|recusada)',
      'Отказано в доступе',
      'Brak dostępu',
      'Toegang geweigerd',
      'Erişim engellendi',
      '权限不够',
      '許可がありません',
      '허가 거부(?:됨)?',
    ],
  ],
  [
    'Connection refused',
    [
      'Verbindungsaufbau abgelehnt',
      'Connexion refusée',
      'Conexión (?:rehusada|rechazada)',
      'Connessione rifiutata',
      '(?:Conexão|Ligação) recusada',
      'В соединении отказано',
      'Połączenie odrzucone',
      'Bağlantı reddedildi',
      '拒绝连接',
      '連線被拒絕|拒絕連線',
      '接続を拒否されました',
      '연결이 거부됨',
    ],
  ],
  [
    'Connection timed out',
    [
      'Die Wartezeit für die Verbindung ist abgelaufen',
      "Connexion terminée par expiration du délai d'attente",
      'Expiró el tiempo de conexión',
      'Время ожидания соединения истекло',
      '连接超时',
      '接続がタイムアウトしました',
      '연결 시간(?:이)? 초과(?:됨)?',
    ],
  ],
  [
    'No space left on device',
    [
      'Auf dem Gerät ist kein Speicherplatz mehr verfügbar',
      'Aucun espace disponible sur le périphérique',
      'No queda espacio en el dispositivo',
      'Spazio esaurito sul device',
      'Não há espaço disponível no dispositivo',
      'На устройстве не осталось свободного места',
      'Brak miejsca na urządzeniu',
      '设备上没有空间',
      'デバイスに空き領域がありません',
      '장치에 남은 공간이 없음',
    ],
  ],
  [
    'Address already in use',
    [
      'Die Adresse wird bereits verwendet',
      'Adresse déjà utilisée',
      'La dirección ya se está usando',
      'Indirizzo già in uso',
      'Endereço já (?:está )?em uso',
      'Адрес уже используется',
      '地址已(?:在使用|被使用)',
      'アドレスは(?:既に|すでに)使用(?:中です|されています)',
    ],
  ],
  [
    'Operation not permitted',
    [
      'Die Operation ist nicht erlaubt',
      'Opération non permise',
      'Operación no permitida',
      'Operazione non permessa',
      'Operação não permitida',
      'Операция не (?:позволена|разрешена)',
      '不允许的操作',
      '許可されていない操作です',
    ],
  ],
  [
    'Read-only file system',
    [
      'Das Dateisystem ist nur lesbar',
      'Système de fichiers accessible en lecture seulement',
      'Sistema de (?:ficheros|archivos) de sólo lectura',
      'Файловая система доступна только для чтения',
      '只读文件系统',
      '読み込み専用ファイルシステムです',
    ],
  ],
  [
    'command not found',
    [
      '(?:Kommando|Befehl) nicht gefunden',
      'commande introuvable',
      'orden no encontrada|no se encontró la orden',
      'comando non trovato',
      'comando não encontrado',
      'команда не найдена',
      '未找到命令',
      'コマンドが見つかりません',
      '명령어를 찾을 수 없음',
    ],
  ],
  [
    'Name or service not known',
    [
      'Der Name oder der Dienst ist nicht bekannt',
      'Nom ou service inconnu',
      'Nombre o servicio desconocido',
      '(?:Неизвестное имя или служба|Имя или служба не известны)',
      '(?:未知的名称或服务|名称或服务未知)',
      '名前またはサービスが不明です',
    ],
  ],
];

/** Where bash says in which line of a script it was: `$<name>` is its number. French leaves a blank before the colon. */
export const PLACES: Foreign[] = [
  ['line $<name>:', ['(?:ligne|Zeile|línea|riga|linha|строка|wiersz|行|줄) ?(?<name>\\d{1,5}) ?:']],
  [': command not found', ['\\s: commande introuvable']],
];

const QUOTED = '[»«"„“”]\\s?(?<name>[^»«"„“”]{1,80}?)\\s?[»«"„“”]';

/** PostgreSQL speaks the language of its cluster; `$<name>` is the user, database or table. */
export const SENTENCES: Foreign[] = [
  [
    'password authentication failed for user "$<name>"',
    [
      `Passwort-Authentifizierung für Benutzer ${QUOTED} fehlgeschlagen`,
      `authentification par mot de passe échouée pour l'utilisateur ${QUOTED}`,
      `la autentifica(?:ción|cion) password falló para el usuario ${QUOTED}`,
      `autenticazione con password fallita per l'utente ${QUOTED}`,
      `autenticação do tipo senha falhou para (?:o )?usuário ${QUOTED}`,
      `пользователь ${QUOTED} не прошёл проверку подлинности \\(по паролю\\)`,
      `用户 ?${QUOTED} Password 认证失败`,
      `ユーザー ?${QUOTED}のパスワード認証に失敗しました`,
    ],
  ],
  [
    'database "$<name>" does not exist',
    [
      `Datenbank ${QUOTED} existiert nicht`,
      `la base de données ${QUOTED} n'existe pas`,
      `no existe la base de datos ${QUOTED}`,
      `база данных ${QUOTED} не существует`,
      `数据库 ?${QUOTED} 不存在`,
      `データベース ?${QUOTED}は存在しません`,
    ],
  ],
  [
    'relation "$<name>" does not exist',
    [
      `Relation ${QUOTED} existiert nicht`,
      `la relation ${QUOTED} n'existe pas`,
      `no existe la relación ${QUOTED}`,
      `отношение ${QUOTED} не существует`,
      `关系 ?${QUOTED} 不存在`,
      `リレーション ?${QUOTED}は存在しません`,
    ],
  ],
];
